import { fileURLToPath } from 'node:url'
import type { RequestHandler, Router } from 'express'

const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Offhook API</title>
    <link rel="icon" href="/api/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/api/docs/swagger-ui.css">
  </head>
  <body>
    <div id="api"></div>
    <script src="/api/docs/swagger-ui-bundle.js"></script>
    <script src="/api/docs/start.js"></script>
  </body>
</html>
`

/** Without a validator URL, for its badge would be fetched from elsewhere; the token stays in the memory of the page. */
const START = `SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#api',
  validatorUrl: null,
  deepLinking: true,
  persistAuthorization: false,
})
`

/** The style sheet holds its icons as data URLs; everything else comes from here alone. */
const POLICY =
  "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"

/** `/docs`: the document as a page, from files of our own. */
export function addDocs(router: Router, document: unknown): void {
  const text = JSON.stringify(document)
  router.get('/openapi.json', (_request, response) => void response.type('application/json').send(text))
  router.get('/docs', say('text/html', PAGE))
  router.get('/docs/start.js', say('text/javascript', START))
  for (const name of FILES) {
    const path = fileURLToPath(import.meta.resolve(`swagger-ui-dist/${name}`))
    router.get(`/docs/${name}`, (_request, response) => response.sendFile(path, { maxAge: '1d' }))
  }
}

function say(type: string, text: string): RequestHandler {
  return (_request, response) => {
    response.set('Content-Security-Policy', POLICY)
    response.type(type).send(text)
  }
}
