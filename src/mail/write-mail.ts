import { escapeHtml, loadTemplate, type View } from './template.ts'

/** `pictures`: what the HTML shows, by its content id. */
export type WrittenMail = {
  subject: string
  text: string
  html: string
  pictures?: readonly { id: string; png: Buffer }[]
}
/** An app that the person sets up with a link, or with the picture of one. */
export type MailedApp = { name: string; link: string; png: Buffer }
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
 * of all addresses in it only `link` and those of `apps` can be clicked, and these stand beside their pictures.
 */
export function writeMail(
  kind: WrittenKind,
  language: MailLanguage,
  view: View & { link: string | null; apps?: readonly MailedApp[] },
): WrittenMail {
  const name = `mails/${kind}.${language}.eta`
  const render = compiled.get(name) ?? loadTemplate(name, (text) => text)
  compiled.set(name, render)
  const { apps = [], link } = view
  const [subject = '', ...body] = render({ ...view, apps })
    .trim()
    .split('\n')
  const text = `${body
    .join('\n')
    .trim()
    .replaceAll(/\n{3,}/g, '\n\n')}\n`
  const links = new Map(apps.map((app, index) => [app.link, `app${index + 1}`]))
  const pictures = apps.map(({ png }, index) => ({ id: `app${index + 1}`, png }))
  return { subject, text, html: toHtml(text, language, { link, links }), pictures }
}

/** `links`: those with a picture, and its content id. */
type Links = { link: string | null; links: ReadonlyMap<string, string> }

function toHtml(text: string, language: MailLanguage, links: Links): string {
  const paragraphs = text
    .trim()
    .split('\n\n')
    .map(
      (paragraph) =>
        `<p>${paragraph
          .split('\n')
          .map((line) => toHtmlLine(line, links))
          .join('<br>\n')}</p>`,
    )
  return `<!doctype html>\n<html lang="${language}">\n<body style="font-family: sans-serif">\n${paragraphs.join('\n')}\n</body>\n</html>\n`
}

function toHtmlLine(line: string, { link, links }: Links): string {
  const picture = links.get(line)
  if (line !== link && picture === undefined) return escapeHtml(line)
  const anchor = `<a href="${escapeHtml(line)}">${escapeHtml(line)}</a>`
  return picture === undefined ? anchor : `${anchor}<br>\n<img src="cid:${picture}" width="240" height="240" alt="QR">`
}
