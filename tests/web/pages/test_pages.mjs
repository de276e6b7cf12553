// The pages in a real browser: every page of a site made from fixtures (all looks, hostile
// strings in all places) and every page of a site that `dxgmatrix site` wrote from records.
//
//   node test_pages.mjs FIXTURES DXGMATRIX RECORD…
//     FIXTURES   program that writes the fixture site, and records, into a folder
//     RECORD     more of them: files or folders for `dxgmatrix ingest`
//
// Exit status: 0 all well, 1 not, 77 the browser or the modules are missing.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, extname, join, posix } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'

const here = dirname(fileURLToPath(import.meta.url))
const browserPath =
  process.env.DXGMATRIX_BROWSER ??
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

function skip(reason) {
  console.log(`skip: ${reason}`)
  process.exit(77)
}

if (!existsSync(join(here, 'node_modules/playwright-core')))
  skip('the npm modules of tests/web/pages are not installed (npm ci there)')
if (!browserPath || !existsSync(browserPath)) skip('no Chromium')

const { chromium } = await import('playwright-core')
const { HtmlValidate, FileSystemConfigLoader } = await import('html-validate')
const axeSource = readFileSync(join(here, 'node_modules/axe-core/axe.min.js'), 'utf8')

const failures = []
let checks = 0
function check(ok, what) {
  checks++
  if (!ok) failures.push(what)
}

function filesBelow(folder, below = '') {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .flatMap(entry => {
      const path = posix.join(below, entry.name)
      return entry.isDirectory() ? filesBelow(folder, path) : [path]
    })
    .sort()
}

const htmlBelow = folder => filesBelow(folder).filter(name => name.endsWith('.html'))

// A server of plain files below a path of its own, as a project's pages have it.
const base = '/some/path/'
const types = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
}
function serve(folder) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://x').pathname)
    const file = join(folder, path.slice(base.length))
    if (!path.startsWith(base) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'text/plain' })
    response.end(readFileSync(file))
  })
  return new Promise(resolve =>
    server.listen(0, '127.0.0.1', () =>
      resolve({ server, url: `http://127.0.0.1:${server.address().port}${base}` })))
}

// Addresses in a page, by the bytes: what a reader without a browser sees.
function linksOf(html) {
  return [...html.matchAll(/ (?:href|src)="([^"]*)"/g)].map(match =>
    match[1].replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>').replaceAll('&amp;', '&'))
}

// partial: the fixture site holds only some of the pages its pages link to.
function checkLinks(folder, partial) {
  const files = filesBelow(folder)
  const known = new Set(files)
  const reached = new Set(['index.html'])
  for (const file of htmlBelow(folder)) {
    for (const link of linksOf(readFileSync(join(folder, file), 'utf8'))) {
      if (/^https?:\/\//.test(link)) continue
      check(!/^[a-z][a-z0-9+.-]*:/i.test(link), `${file}: a link with another scheme: ${link}`)
      if (link.startsWith('#')) continue
      const target = posix.join(posix.dirname(file), link)
      reached.add(target)
      if (!partial) check(known.has(target), `${file}: ${link} leads nowhere`)
    }
  }
  if (!partial)
    for (const file of files)
      check(
        reached.has(file) || file.startsWith('.') || file.endsWith('.json'),
        `${file}: no page links to it`)
}

async function checkHtml(folder) {
  const validator = new HtmlValidate(new FileSystemConfigLoader())
  for (const file of htmlBelow(folder)) {
    const report = await validator.validateString(
      readFileSync(join(folder, file), 'utf8'), join(here, 'page.html'))
    for (const message of report.results.flatMap(result => result.messages))
      check(false, `${file}:${message.line}: ${message.message} (${message.ruleId})`)
    check(report.valid, `${file}: not valid HTML`)
  }
}

const looks = [
  { width: 1280, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
  { width: 390, colorScheme: 'light' },
  { width: 390, colorScheme: 'dark' },
  { width: 360, colorScheme: 'light', javaScriptEnabled: false },
  { width: 1280, colorScheme: 'light', javaScriptEnabled: false },
]

// Everything on, and nothing folded: what a reader may see is what axe sees.
async function checkAxe(page, name) {
  await page.evaluate(() => document.querySelectorAll('details').forEach(d => (d.open = true)))
  await page.evaluate(axeSource)
  const result = await page.evaluate(() =>
    axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }))
  check(result.passes.length > 10, `${name}: axe looked at next to nothing`)
  for (const violation of result.violations)
    check(false, `${name}: ${violation.id}: ${violation.help}: ` +
      violation.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | '))
}

async function checkPages(browser, folder, inLooks, withAxe) {
  const { server, url } = await serve(folder)
  const pages = htmlBelow(folder)
  const texts = new Map()
  for (const look of inLooks) {
    const { width, ...options } = look
    const context = await browser.newContext({ viewport: { width, height: 800 }, ...options })
    const page = await context.newPage()
    let name = ''
    page.on('console', message => check(false, `${name}: console: ${message.text()}`))
    page.on('pageerror', error => check(false, `${name}: ${error}`))
    page.on('dialog', async dialog => {
      check(false, `${name}: a script ran: ${dialog.message()}`)
      await dialog.dismiss()
    })
    page.on('request', request =>
      check(request.url().startsWith(url), `${name}: asks for ${request.url()}`))
    // Going on to the next page may cut off the icon.
    page.on('requestfailed', request =>
      check(request.failure()?.errorText === 'net::ERR_ABORTED',
        `${name}: ${request.url()}: ${request.failure()?.errorText}`))
    page.on('response', response =>
      check(response.status() < 400, `${name}: ${response.status()} ${response.url()}`))
    for (const path of pages) {
      name = `${path} at ${width}, ${look.colorScheme}` +
        (look.javaScriptEnabled === false ? ', no JavaScript' : '')
      await page.goto(url + path)
      const seen = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        inner: document.documentElement.clientWidth,
        title: document.title,
        headings: document.querySelectorAll('h1').length,
        text: document.body.textContent,
        family: getComputedStyle(document.body).fontFamily,
        background: getComputedStyle(document.body).backgroundColor,
      }))
      check(seen.wide <= seen.inner, `${name}: scrolls sideways (${seen.wide} > ${seen.inner})`)
      check(seen.headings === 1, `${name}: ${seen.headings} h1`)
      check(seen.title.includes('dxgmatrix'), `${name}: title '${seen.title}'`)
      check(seen.family.includes('system-ui'), `${name}: the style is missing`)
      const lightness = Number(/\d+/.exec(seen.background)[0])
      check(look.colorScheme === 'dark' ? lightness < 60 : lightness > 200,
        `${name}: background ${seen.background}`)
      check(seen.text === (texts.get(path) ?? seen.text), `${name}: says something else`)
      texts.set(path, seen.text)
      if (withAxe(path) && look.javaScriptEnabled !== false) await checkAxe(page, name)
    }
    await context.close()
  }
  server.close()
  return pages.length
}

// The first Tab offers a way past the header, and it can be seen.
async function checkKeyboard(browser, folder) {
  const { server, url } = await serve(folder)
  const page = await browser.newPage()
  await page.goto(url + 'index.html')
  await page.keyboard.press('Tab')
  const skipLink = await page.evaluate(() => ({
    to: document.activeElement.getAttribute('href'),
    top: document.activeElement.getBoundingClientRect().top,
    outline: getComputedStyle(document.activeElement).outlineStyle,
  }))
  check(skipLink.to === '#main', 'the first Tab does not offer to skip the header')
  check(skipLink.top >= 0, 'the skip link cannot be seen')
  check(skipLink.outline !== 'none', 'the focus cannot be seen')
  await page.close()
  server.close()
}

// From a folder, without any server.
async function checkFolder(browser, folder) {
  const page = await browser.newPage()
  const asked = []
  page.on('request', request => asked.push(request.url()))
  page.on('console', message => check(false, `file: console: ${message.text()}`))
  await page.goto(pathToFileURL(join(folder, 'index.html')).href)
  const family = await page.evaluate(() => getComputedStyle(document.body).fontFamily)
  check(family.includes('system-ui'), 'the style is missing when opened from a folder')
  await page.click('th[scope=row] a')
  check((await page.title()).includes('WSL2'), 'a link of the front page, from a folder')
  check(asked.every(url => url.startsWith('file:')), 'a request from a folder')
  await page.close()
}

const [fixtures, dxgmatrix, ...records] = process.argv.slice(2)
const temporary = mkdtempSync(join(tmpdir(), 'dxgmatrix-pages-'))
try {
  const made = join(temporary, 'fixtures')
  const real = join(temporary, 'site')
  const db = join(temporary, 'matrix.db')
  execFileSync(fixtures, [made], { stdio: 'inherit' })
  execFileSync(dxgmatrix, ['ingest', '--db', db, join(made, 'records'), ...records], { stdio: 'inherit' })
  execFileSync(dxgmatrix, ['site', '--db', db, real], { stdio: 'inherit' })

  const front = gzipSync(readFileSync(join(real, 'index.html'))).length
  check(front <= 60 * 1024, `the front page has ${front} bytes compressed`)
  checkLinks(made, true)
  checkLinks(real, false)
  await checkHtml(made)
  await checkHtml(real)

  const root = process.getuid() === 0
  const browser = await chromium.launch({
    executablePath: browserPath,
    args: [
      ...(root ? ['--no-sandbox'] : []),
      '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync',
      '--disable-background-networking', '--disable-component-update',
    ],
  })
  // Of real records axe, which is slow, sees the first page of each folder in two looks: the
  // fixtures hold all that can be on a page.
  const kinds = new Map()
  for (const path of htmlBelow(real)) kinds.set(path.split('/')[0], path)
  const chosen = new Set(kinds.values())
  let pages = await checkPages(browser, made, looks, () => true)
  pages += await checkPages(browser, real, [looks[1], looks[2]], path => chosen.has(path))
  await checkKeyboard(browser, real)
  await checkFolder(browser, real)
  await browser.close()

  for (const failure of [...new Set(failures)].slice(0, 60)) console.log(failure)
  console.log(`${pages} pages, ${checks} checks, ${failures.length} failed`)
  process.exitCode = failures.length ? 1 : 0
} finally {
  rmSync(temporary, { recursive: true, force: true })
}
