import { sessionsEn } from './sessions-en.ts'
import type { Texts } from './texts.ts'

export const en: Texts = {
  frame: {
    foot: 'Secured by Jotwarden',
    unnamed: 'An app without a name',
    forDevelopers: 'For developers',
    reference: 'Reference',
  },
  places: {
    unknown: 'an unknown place',
    thisDevice: (app) => `an app on this device (${app})`,
  },
  login: {
    title: (app) => `Sign in to ${app}`,
    problem: (title) => `Problem: ${title}`,
    heading: 'Sign in',
    lead: (app) => `to continue to ${app}`,
    username: 'Username',
    password: 'Password',
    submit: 'Sign in',
    afterwards: (place) => `Afterwards you go back to ${place}.`,
    credentials: 'The username or the password is not right. Check both and try again.',
    busy: 'Too many people are signing in right now. Wait a few seconds and try again.',
    missing: 'Enter both your username and your password.',
    throttled: (wait) =>
      `Too many sign-ins have failed. Your password was not checked. Wait ${wait} and try again.`,
  },
  consent: {
    title: (app) => `Allow ${app}?`,
    signedInAs: 'Signed in as',
    wants: 'The app would like to',
    deny: 'Deny',
    allow: 'Allow',
    afterwards: (place) => `Either way you go back to ${place}. Allow only if you know it.`,
  },
  scopes: {
    openid: 'Know who you are',
    profile: 'See your name',
    email: 'See your e-mail address',
    offline_access: 'Stay connected while you are away',
  },
  logout: {
    title: 'Sign out?',
    asks: (app) => `${app} asks to sign you out.`,
    effect: 'You will be signed out of this sign-in service and of every app you entered with it.',
    submit: 'Sign out',
    stay: 'To stay signed in, just close this page.',
    afterwards: (place) => `Once signed out you go back to ${place}.`,
  },
  signedOut: {
    title: 'You are signed out',
    text: 'To sign in again, start at the app you want to use. You can close this page now.',
  },
  index: {
    title: 'Sign-in service',
    text: 'Apps send you here to sign in. There is nothing to do on this page: to sign in, start at the app you want to use.',
    metadata: 'The metadata of this OpenID provider',
    forYou: 'For you',
    sessions: 'See where you are signed in',
  },
  sessions: sessionsEn,
  errors: {
    badRequest: {
      title: 'This request cannot be answered',
      text: 'The app that sent you here asked in a way this sign-in service does not accept. Go back to the app and try again. If it happens again, tell the people who run the app.',
    },
    startAgain: {
      title: 'This sign-in has expired',
      text: 'It took too long, was already finished, or was started in another browser. Go back to the app and start again.',
    },
    failed: {
      title: 'Something went wrong here',
      text: 'The fault is on our side and was noted. Wait a moment, then go back to the app and try again.',
    },
    busy: {
      title: 'Too many people are signing in',
      text: 'Wait a few seconds, then go back to the app and try again.',
    },
    clientUnknown: {
      title: 'This app is not known here',
      text: 'The app that sent you here is not registered with this sign-in service, so we will not send you back to it.',
    },
    redirectUri: {
      title: 'This app asked for an unknown address',
      text: 'The address it wants you sent back to is not one it has registered. For your safety we will not send you there.',
    },
    subject: {
      title: 'You cannot be signed in just now',
      text: 'Your account may have changed while you were signing in. Go back to the app and start again. If it happens again, ask the people who look after your account.',
    },
    insecure: {
      title: 'This connection is not secure',
      text: 'Open this address with https instead of http.',
    },
    crossSite: {
      title: 'This form came from another site',
      text: 'To keep you safe, only pages of this sign-in service may send it. Nothing was done. Go back to the app and start again.',
    },
    notFound: {
      title: 'There is nothing here',
      text: 'The address may be mistyped. To sign in, start at the app you want to use.',
    },
    method: {
      title: 'This address cannot be opened that way',
      text: 'To sign in, start at the app you want to use.',
    },
  },
}
