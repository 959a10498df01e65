/** Every text of the page of one's own sign-ins, and of the sign-in that leads there. */
export const sessionsPageTexts = {
  title: 'Where you are signed in',
  lead: 'Every browser that is signed in to your account, and the apps you entered from it. End what you do not recognise.',
  signedInAs: 'Signed in as',
  signInLead: 'to see where you are signed in',
  signInTitle: 'Sign in to see where you are signed in',
  signInNote: 'Afterwards you see your own sign-ins. No app is told.',
  linkHere: 'See where you are signed in',

  signIns: 'Your sign-ins',
  thisBrowser: 'This browser',
  beforeInThisBrowser: 'This browser, earlier',
  startedByApps: 'Started by apps themselves',
  startedByAppsNote: 'An app began these without a sign-in in a browser.',
  signedIn: (when: string): string => `Signed in ${when}`,
  opensUntil: (when: string): string => `asks for your password again ${when}`,
  opensNothing: 'lets you into no further app',
  noApps: 'No app is signed in here.',
  justNow: 'just now',
  started: (when: string): string => `Signed in ${when}`,
  used: (when: string): string => `last used ${when}`,
  endsAt: (when: string): string => `ends ${when} at the latest`,
  endSession: 'Sign out',
  endSessionOf: (app: string, place: string, when: string): string =>
    `Sign out ${app}, in ${place}, signed in ${when}`,
  endLogin: 'Sign out browser',
  endLoginOf: (place: string, when: string): string => `Sign out browser: ${place}, signed in ${when}`,
  endOwnLogin: 'Sign out here',
  endEarlier: 'Sign out its apps',
  endEarlierOf: (when: string): string => `Sign out its apps: this browser, signed in ${when}`,
  older: 'Older sign-ins',
  newest: 'Back to the newest',
  nothingOlder: 'There are no older sign-ins.',

  apps: 'Apps you allowed',
  appsLead:
    'They may have this without asking you again. Forgetting an app also signs you out of it everywhere.',
  nothingAllowed: 'You have allowed no app anything yet.',
  allowed: (when: string): string => `Allowed ${when}`,
  forget: 'Forget',
  forgetOf: (app: string): string => `Forget ${app} and sign out of it everywhere`,
  moreApps: 'More apps',

  several: 'Sign out of more at once',
  endOthers: 'Sign out everywhere else',
  endOthersNote: 'This browser and its apps stay signed in.',
  endEverything: 'Sign out everywhere, here too',
  endEverythingNote:
    'You are signed out of every browser and every app, here too, and sign in again with your password.',
  endEverythingYes: 'Yes, sign out everywhere',
  passwordNote: 'If somebody may know your password, change it as well: whoever has it can sign in again.',

  done: {
    session: 'You are signed out of that app. What it was given no longer works.',
    login: 'That browser is signed out, and every app that was entered from it.',
    others: 'You are signed out everywhere else. Only this browser is left.',
    everything: 'You are signed out everywhere.',
    app: 'The app is forgotten and signed out. It has to ask you again.',
  },
  outdated: 'Nothing was done: that page was out of date. This is how things stand now.',

  /** What a person calls the browser that they signed in with. */
  device: (browser: string | undefined, platform: string | undefined): string => {
    if (browser !== undefined && platform !== undefined) return `${browser} on ${platform}`
    return browser ?? (platform === undefined ? 'Unknown browser' : `A browser on ${platform}`)
  },
  /** Names of products, the same in every language. */
  browsers: {
    firefox: 'Firefox',
    chrome: 'Chrome',
    edge: 'Edge',
    safari: 'Safari',
    opera: 'Opera',
    samsung: 'Samsung Internet',
  },
  platforms: {
    windows: 'Windows',
    macos: 'Mac',
    linux: 'Linux',
    android: 'Android',
    ios: 'iPhone or iPad',
    chromeos: 'ChromeOS',
  },
}

/** The language of these texts (RFC 5646), for dates. */
export const SESSIONS_PAGE_LANGUAGE = 'en'
