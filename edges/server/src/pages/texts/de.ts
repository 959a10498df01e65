import { sessionsDe } from './sessions-de.ts'
import type { Texts } from './texts.ts'

/** Addresses people as „Sie“. A place stands in the dative, after „zu“. */
export const de: Texts = {
  frame: {
    foot: 'Gesichert mit Jotwarden',
    unnamed: 'Eine App ohne Namen',
    forDevelopers: 'Für die Entwicklung',
    reference: 'Referenz',
  },
  places: {
    unknown: 'einem unbekannten Ort',
    thisDevice: (app) => `einer App auf diesem Gerät (${app})`,
  },
  login: {
    title: (app) => `Bei ${app} anmelden`,
    problem: (title) => `Fehler: ${title}`,
    heading: 'Anmelden',
    lead: (app) => `weiter zu ${app}`,
    username: 'Benutzername',
    password: 'Passwort',
    submit: 'Anmelden',
    afterwards: (place) => `Danach kehren Sie zurück zu ${place}.`,
    credentials:
      'Benutzername oder Passwort stimmt nicht. Prüfen Sie bitte beides und versuchen Sie es noch einmal.',
    busy: 'Gerade melden sich zu viele Menschen an. Warten Sie bitte einige Sekunden und versuchen Sie es noch einmal.',
    missing: 'Geben Sie bitte Benutzername und Passwort ein.',
    throttled: (wait) =>
      `Zu viele Anmeldungen sind fehlgeschlagen. Ihr Passwort wurde nicht geprüft. Warten Sie bitte ${wait} und versuchen Sie es noch einmal.`,
  },
  consent: {
    title: (app) => `Zugriff für ${app} erlauben?`,
    signedInAs: 'Angemeldet als',
    wants: 'Die App möchte',
    deny: 'Ablehnen',
    allow: 'Erlauben',
    afterwards: (place) =>
      `In beiden Fällen kehren Sie zurück zu ${place}. Erlauben Sie den Zugriff nur, wenn Sie dieses Ziel kennen.`,
  },
  scopes: {
    openid: 'Erfahren, wer Sie sind',
    profile: 'Ihren Namen sehen',
    email: 'Ihre E-Mail-Adresse sehen',
    offline_access: 'Verbunden bleiben, auch wenn Sie nicht da sind',
  },
  logout: {
    title: 'Abmelden?',
    asks: (app) => `${app} möchte Sie abmelden.`,
    effect:
      'Sie werden bei diesem Anmeldedienst und bei allen Apps abgemeldet, die Sie damit geöffnet haben.',
    submit: 'Abmelden',
    stay: 'Möchten Sie angemeldet bleiben, schließen Sie einfach diese Seite.',
    afterwards: (place) => `Nach dem Abmelden kehren Sie zurück zu ${place}.`,
  },
  signedOut: {
    title: 'Sie sind abgemeldet',
    text: 'Möchten Sie sich wieder anmelden, beginnen Sie bitte in der App, die Sie nutzen wollen. Diese Seite können Sie jetzt schließen.',
  },
  index: {
    title: 'Anmeldedienst',
    text: 'Apps schicken Sie zum Anmelden hierher. Auf dieser Seite gibt es nichts zu tun: Möchten Sie sich anmelden, beginnen Sie bitte in der App, die Sie nutzen wollen.',
    metadata: 'Metadaten dieses OpenID-Providers',
    forYou: 'Für Sie',
    sessions: 'Sehen, wo Sie angemeldet sind',
  },
  sessions: sessionsDe,
  errors: {
    badRequest: {
      title: 'Diese Anfrage kann nicht beantwortet werden',
      text: 'Die App, von der Sie kommen, hat auf eine Weise angefragt, die dieser Anmeldedienst nicht annimmt. Gehen Sie bitte zurück zur App und versuchen Sie es noch einmal. Geschieht es wieder, sagen Sie bitte denen Bescheid, die die App betreiben.',
    },
    startAgain: {
      title: 'Diese Anmeldung ist abgelaufen',
      text: 'Sie hat zu lange gedauert, war schon abgeschlossen oder wurde in einem anderen Browser begonnen. Gehen Sie bitte zurück zur App und beginnen Sie noch einmal.',
    },
    failed: {
      title: 'Hier ist etwas schiefgegangen',
      text: 'Der Fehler liegt bei uns und wurde festgehalten. Warten Sie bitte einen Augenblick, gehen Sie dann zurück zur App und versuchen Sie es noch einmal.',
    },
    busy: {
      title: 'Zu viele Menschen melden sich gerade an',
      text: 'Warten Sie bitte einige Sekunden, gehen Sie dann zurück zur App und versuchen Sie es noch einmal.',
    },
    clientUnknown: {
      title: 'Diese App ist hier nicht bekannt',
      text: 'Die App, von der Sie kommen, ist bei diesem Anmeldedienst nicht eingetragen. Deshalb schicken wir Sie nicht zu ihr zurück.',
    },
    redirectUri: {
      title: 'Diese App nennt eine unbekannte Adresse',
      text: 'Die Adresse, zu der Sie zurückkehren sollen, hat die App nicht eintragen lassen. Zu Ihrer Sicherheit schicken wir Sie nicht dorthin.',
    },
    subject: {
      title: 'Sie können gerade nicht angemeldet werden',
      text: 'Vielleicht hat sich Ihr Konto geändert, während Sie sich angemeldet haben. Gehen Sie bitte zurück zur App und beginnen Sie noch einmal. Geschieht es wieder, wenden Sie sich bitte an die Stelle, die Ihr Konto betreut.',
    },
    insecure: {
      title: 'Diese Verbindung ist nicht sicher',
      text: 'Öffnen Sie diese Adresse bitte mit https statt mit http.',
    },
    crossSite: {
      title: 'Dieses Formular kam von einer anderen Website',
      text: 'Zu Ihrer Sicherheit darf es nur von Seiten dieses Anmeldedienstes abgeschickt werden. Es wurde nichts ausgeführt. Gehen Sie bitte zurück zur App und beginnen Sie noch einmal.',
    },
    notFound: {
      title: 'Hier ist nichts',
      text: 'Vielleicht ist die Adresse falsch geschrieben. Möchten Sie sich anmelden, beginnen Sie bitte in der App, die Sie nutzen wollen.',
    },
    method: {
      title: 'So lässt sich diese Adresse nicht öffnen',
      text: 'Möchten Sie sich anmelden, beginnen Sie bitte in der App, die Sie nutzen wollen.',
    },
  },
}
