import { sessionsFr } from './sessions-fr.ts'
import type { Texts } from './texts.ts'

/** Addresses people as « vous », without a gender. A place stands after « vers ». Before : stands a no-break space, before ? a narrow one. */
export const fr: Texts = {
  frame: {
    foot: 'Sécurisé par Jotwarden',
    unnamed: 'Une application sans nom',
    forDevelopers: 'Pour le développement',
    reference: 'Référence',
  },
  places: {
    unknown: 'un lieu inconnu',
    thisDevice: (app) => `une application sur cet appareil (${app})`,
  },
  login: {
    title: (app) => `Se connecter à ${app}`,
    problem: (title) => `Erreur\u00a0: ${title}`,
    heading: 'Se connecter',
    lead: (app) => `pour accéder à ${app}`,
    username: 'Nom d’utilisateur',
    password: 'Mot de passe',
    submit: 'Se connecter',
    afterwards: (place) => `Vous retournerez ensuite vers ${place}.`,
    credentials:
      'Le nom d’utilisateur ou le mot de passe est incorrect. Veuillez vérifier les deux, puis réessayer.',
    busy: 'Trop de personnes se connectent en ce moment. Veuillez attendre quelques secondes, puis réessayer.',
    missing: 'Veuillez saisir votre nom d’utilisateur et votre mot de passe.',
    throttled: (wait) =>
      `Trop de tentatives de connexion ont échoué. Votre mot de passe n’a pas été vérifié. Veuillez attendre ${wait}, puis réessayer.`,
  },
  consent: {
    title: (app) => `Autoriser ${app}\u202f?`,
    signedInAs: 'Session de',
    wants: 'L’application souhaite',
    deny: 'Refuser',
    allow: 'Autoriser',
    afterwards: (place) =>
      `Dans les deux cas, vous retournerez vers ${place}. N’autorisez l’accès que si vous connaissez cette destination.`,
  },
  scopes: {
    openid: 'Savoir qui vous êtes',
    profile: 'Voir votre nom',
    email: 'Voir votre adresse e-mail',
    offline_access: 'Rester connectée en votre absence',
  },
  logout: {
    title: 'Se déconnecter\u202f?',
    asks: (app) => `${app} demande votre déconnexion.`,
    effect:
      'Votre session prendra fin sur ce service de connexion et dans toutes les applications ouvertes grâce à lui.',
    submit: 'Se déconnecter',
    stay: 'Pour garder votre session ouverte, fermez simplement cette page.',
    afterwards: (place) => `Après la déconnexion, vous retournerez vers ${place}.`,
  },
  signedOut: {
    title: 'Votre session est fermée',
    text: 'Pour vous reconnecter, partez de l’application que vous souhaitez utiliser. Vous pouvez maintenant fermer cette page.',
  },
  index: {
    title: 'Service de connexion',
    text: 'C’est ici que les applications vous envoient pour vous connecter. Il n’y a rien à faire sur cette page\u00a0: pour vous connecter, partez de l’application que vous souhaitez utiliser.',
    metadata: 'Métadonnées de ce fournisseur OpenID',
    forYou: 'Pour vous',
    sessions: 'Voir où votre compte est connecté',
  },
  sessions: sessionsFr,
  errors: {
    badRequest: {
      title: 'Impossible de répondre à cette demande',
      text: 'L’application d’où vous venez a formulé sa demande d’une manière que ce service de connexion n’accepte pas. Veuillez retourner à l’application et réessayer. Si cela se reproduit, signalez-le aux responsables de l’application.',
    },
    startAgain: {
      title: 'Cette connexion a expiré',
      text: 'Elle a duré trop longtemps, était déjà terminée ou a été commencée dans un autre navigateur. Veuillez retourner à l’application et recommencer.',
    },
    failed: {
      title: 'Une erreur est survenue',
      text: 'Elle vient de notre côté et a été enregistrée. Veuillez attendre un instant, puis retourner à l’application et réessayer.',
    },
    busy: {
      title: 'Trop de personnes se connectent',
      text: 'Veuillez attendre quelques secondes, puis retourner à l’application et réessayer.',
    },
    clientUnknown: {
      title: 'Cette application n’est pas connue ici',
      text: 'L’application d’où vous venez n’est pas enregistrée auprès de ce service de connexion\u202f; nous ne vous renverrons donc pas vers elle.',
    },
    redirectUri: {
      title: 'Cette application a demandé une adresse inconnue',
      text: 'L’adresse vers laquelle elle souhaite vous renvoyer n’est pas de celles qu’elle a enregistrées. Pour votre sécurité, nous ne vous y enverrons pas.',
    },
    subject: {
      title: 'Connexion impossible pour le moment',
      text: 'Votre compte a peut-être changé pendant la connexion. Veuillez retourner à l’application et recommencer. Si cela se reproduit, adressez-vous aux personnes qui gèrent votre compte.',
    },
    insecure: {
      title: 'Cette connexion n’est pas sécurisée',
      text: 'Veuillez ouvrir cette adresse avec https au lieu de http.',
    },
    crossSite: {
      title: 'Ce formulaire vient d’un autre site',
      text: 'Pour votre sécurité, seules les pages de ce service de connexion peuvent l’envoyer. Rien n’a été fait. Veuillez retourner à l’application et recommencer.',
    },
    notFound: {
      title: 'Il n’y a rien ici',
      text: 'L’adresse est peut-être mal saisie. Pour vous connecter, partez de l’application que vous souhaitez utiliser.',
    },
    method: {
      title: 'Cette adresse ne peut pas être ouverte ainsi',
      text: 'Pour vous connecter, partez de l’application que vous souhaitez utiliser.',
    },
  },
}
