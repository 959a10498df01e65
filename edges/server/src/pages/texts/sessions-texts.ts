/** What the page of one's own sign-ins says, and the sign-in that leads there. `when` is a time from now, or a date. */
export interface SessionsTexts {
  readonly title: string
  readonly lead: string
  readonly signedInAs: string
  readonly signInLead: string
  readonly signInTitle: string
  readonly signInNote: string
  readonly signIns: string
  readonly thisBrowser: string
  readonly beforeInThisBrowser: string
  readonly startedByApps: string
  readonly startedByAppsNote: string
  readonly signedIn: (when: string) => string
  readonly opensUntil: (when: string) => string
  readonly opensNothing: string
  readonly noApps: string
  readonly justNow: string
  readonly started: (when: string) => string
  readonly used: (when: string) => string
  readonly endsAt: (when: string) => string
  readonly endSession: string
  /** For those who hear the button out of its place; begins with what it shows (WCAG 2.2 §2.5.3). */
  readonly endSessionOf: (app: string, place: string, when: string) => string
  readonly endLogin: string
  readonly endLoginOf: (place: string, when: string) => string
  readonly endOwnLogin: string
  readonly endEarlier: string
  readonly endEarlierOf: (when: string) => string
  readonly older: string
  readonly newest: string
  readonly nothingOlder: string
  readonly apps: string
  readonly appsLead: string
  readonly nothingAllowed: string
  readonly allowed: (when: string) => string
  readonly forget: string
  readonly forgetOf: (app: string) => string
  readonly moreApps: string
  readonly several: string
  readonly endOthers: string
  readonly endOthersNote: string
  readonly endEverything: string
  readonly endEverythingNote: string
  readonly endEverythingYes: string
  readonly passwordNote: string
  readonly done: {
    readonly session: string
    readonly login: string
    readonly others: string
    readonly everything: string
    readonly app: string
  }
  readonly outdated: string
  /** What a person calls the browser that they signed in with; both are names of products. */
  readonly browserOn: (browser: string, platform: string) => string
  readonly someBrowserOn: (platform: string) => string
  readonly unknownBrowser: string
}
