import { escapeHtml, loadTemplate, type View } from './template.ts'

export type WrittenMail = { subject: string; text: string; html: string }
export type WrittenKind = 'invitation' | 'welcome' | 'notice'

export const LANGUAGES = ['en', 'de', 'fr', 'es'] as const
export type MailLanguage = (typeof LANGUAGES)[number]

/** The language that we have for a tag such as `de-CH`, else English. */
export function pickLanguage(tag: string | null | undefined): MailLanguage {
  const primary = tag?.toLowerCase().split('-')[0]
  return LANGUAGES.find((language) => language === primary) ?? 'en'
}

const compiled = new Map<string, (view: View) => string>()

/**
 * Writes a mail from `templates/mails/<kind>.<language>.eta`, whose first line is the subject. The HTML is the same text;
 * of all addresses in it only `link` can be clicked.
 */
export function writeMail(
  kind: WrittenKind,
  language: MailLanguage,
  view: View & { link: string | null },
): WrittenMail {
  const name = `mails/${kind}.${language}.eta`
  const render = compiled.get(name) ?? loadTemplate(name, (text) => text)
  compiled.set(name, render)
  const [subject = '', ...body] = render(view).trim().split('\n')
  const text = `${body
    .join('\n')
    .trim()
    .replaceAll(/\n{3,}/g, '\n\n')}\n`
  return { subject, text, html: toHtml(text, language, view.link) }
}

function toHtml(text: string, language: MailLanguage, link: string | null): string {
  const paragraphs = text
    .trim()
    .split('\n\n')
    .map(
      (paragraph) =>
        `<p>${paragraph
          .split('\n')
          .map((line) => toHtmlLine(line, link))
          .join('<br>\n')}</p>`,
    )
  return `<!doctype html>\n<html lang="${language}">\n<body style="font-family: sans-serif">\n${paragraphs.join('\n')}\n</body>\n</html>\n`
}

function toHtmlLine(line: string, link: string | null): string {
  return line === link ? `<a href="${escapeHtml(link)}">${escapeHtml(link)}</a>` : escapeHtml(line)
}
