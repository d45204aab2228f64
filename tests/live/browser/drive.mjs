// A real browser, driven: Debian's chromium, headless, in a home of its own. It opens a page, does what a person would do there, and keeps pictures of where it ends.
//
//   node drive.mjs '{"user":"ada","shots":"/somewhere/npm-"}' http://…
//
// `user` is typed into a sign-in form, or chosen by its button where there are buttons for people;
// consent is given where it is asked for. The page that offers neither is the last one. On standard
// output: one JSON object with what the person sees there. Never printed: the address's query or
// any form field, which can hold a code.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const settings = {
  user: 'ada',
  // What to do at the sign-in page: "approve" or "decline".
  answer: 'approve',
  // Where the pictures go: a path's beginning; "dark.png" and so on are appended. None without it.
  shots: undefined,
  // The browser's own home, kept: whoever comes again is remembered. Thrown away without it.
  home: undefined,
  deadlineMs: 60_000,
  ...JSON.parse(process.argv[2] ?? '{}'),
};

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const FLAGS = [
  '--no-sandbox', // root in a container has no other way
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Whatever a page asks for, nothing but this machine is reached.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]',
];

const WIDTHS = { wide: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } };

// What a person would press on this page, after filling in what it asks for; none at its end.
async function wayOn(page) {
  if (settings.answer === 'decline') {
    const way = page.locator('button[value=deny], a:has-text("Cancel")').first();
    if (await way.count()) return way;
  }
  const field = page.locator('input[name=login]');
  if (await field.count()) {
    await field.fill(settings.user);
    await page.locator('input[name=password]').fill('any');
  }
  const person = page.locator(`input[name=person][value="${settings.user}"]`);
  if (await person.count()) await person.check();
  const way = page.locator('button[type=submit], button:not([type])').first();
  return await way.count() ? way : undefined;
}

// Whether this page only carries an answer on, by itself. True, too, when it is gone already.
function sendsItself(page) {
  return page.evaluate(() => {
    const carried = (element) => ['hidden', 'submit'].includes(element.type);
    return document.scripts.length > 0
      && [...document.forms].some((form) => [...form.elements].every(carried));
  }).catch(() => true);
}

async function walk(page) {
  const trail = [];
  await page.goto(process.argv[3], { waitUntil: 'load' });
  for (let turn = 0; turn < 12; turn += 1) {
    await page.waitForLoadState('load');
    if (turn === 0 && settings.shots) await shoot(page, 'first-');
    const gone = page.waitForEvent('framenavigated');
    const { origin, pathname } = new URL(page.url());
    trail.push(origin + pathname);
    if (!await sendsItself(page)) {
      const way = await wayOn(page);
      if (way === undefined) {
        gone.catch(() => {});
        return trail;
      }
      await way.click();
    }
    await gone;
  }
  throw new Error('twelve pages without an end');
}

async function shoot(page, name) {
  const taken = [];
  for (const colorScheme of ['light', 'dark']) {
    for (const [width, size] of Object.entries(WIDTHS)) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(size);
      const path = `${settings.shots}${name}${colorScheme}-${width}.png`;
      await page.screenshot({ path, fullPage: true });
      const sideways = await page.evaluate(
        () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
      );
      const colours = await page.evaluate(() => {
        const style = getComputedStyle(document.body);
        const root = getComputedStyle(document.documentElement);
        const clear = 'rgba(0, 0, 0, 0)';
        const ground = style.backgroundColor === clear ? root.backgroundColor : style.backgroundColor;
        return { text: style.color, ground };
      });
      taken.push({ path, colorScheme, width, sideways, ...colours });
    }
  }
  return taken;
}

async function main() {
  const executablePath = BROWSERS.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error('no chromium: apt-get install chromium');
  const home = settings.home ?? mkdtempSync(join(tmpdir(), 'keyfob-browser-'));
  const context = await chromium.launchPersistentContext(home, {
    executablePath, headless: true, args: FLAGS,
  });
  context.setDefaultTimeout(settings.deadlineMs);
  try {
    const page = context.pages()[0] ?? await context.newPage();
    const violations = [];
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) violations.push(message.text());
    });
    const trail = await walk(page);
    const last = {
      trail,
      at: trail.at(-1),
      title: await page.title(),
      text: await page.innerText('body'),
      scripts: await page.locator('script').count(),
      language: await page.locator('html').getAttribute('lang'),
      violations,
    };
    const shots = settings.shots ? await shoot(page, '') : [];
    process.stdout.write(`${JSON.stringify({ ...last, shots })}\n`);
  } finally {
    await context.close();
    if (settings.home === undefined) rmSync(home, { recursive: true, force: true });
  }
}

await main();
