import type { KeyEvent } from '@jotwarden/keyring'
import type { Recorder } from './recording.ts'
import type { RotationOutcome } from './rotation.ts'
import type { SecurityEvent } from './security-event.ts'
import type { Stores } from './stores.ts'

/**
 * Is told what acts have done, for those who count. Told only once an act is durable; must be quick. What it throws is
 * dropped: the act is done, and must not look failed.
 */
export interface StoreObserver {
  /** The events that an act wrote. Those that share a row are told each time. */
  recorded(events: readonly (SecurityEvent | KeyEvent)[]): void
  /** What a refresh came to. */
  rotated(outcome: RotationOutcome): void
}

/** The same stores, with somebody who is told. */
export function observeStores(stores: Stores, observer: StoreObserver): Stores {
  const watch = createWatch(observer)
  return overlay(stores, {
    ...grantingPorts(stores, watch, observer),
    ...registers(stores, watch),
    ...logs(stores, watch),
  })
}

type Events = readonly (SecurityEvent | KeyEvent)[]

/** The two ways in which acts are given their events. */
interface Watch {
  /** Events that are written unless the act answers that it changed nothing. */
  given<Answer>(events: Events, done: Answer, act: Promise<Answer>): Promise<Answer>
  /** Events that are decided inside the act. */
  decided<Outcome, Answer>(
    record: Recorder<Outcome>,
    act: (record: Recorder<Outcome>) => Promise<Answer>,
  ): Promise<Answer>
}

function createWatch(observer: StoreObserver): Watch {
  const tell = (events: Events): void => {
    if (events.length > 0) quietly(() => observer.recorded(events))
  }
  return {
    async given(events, done, act) {
      const answer = await act
      if (answer === done) tell(events)
      return answer
    },
    async decided(record, act) {
      let events: Events = []
      const answer = await act((outcome) => {
        const recording = record(outcome)
        events = recording.events
        return recording
      })
      tell(events)
      return answer
    },
  }
}

function grantingPorts(
  { logins, consents, codes, sessions }: Stores,
  { given, decided }: Watch,
  observer: StoreObserver,
): Partial<Stores> {
  return {
    logins: overlay(logins, {
      start: (issuer, login, replaces, events) =>
        given(events, 'started', logins.start(issuer, login, replaces, events)),
      end: (issuer, id, now, record) => decided(record, (noting) => logins.end(issuer, id, now, noting)),
    }),
    consents: overlay(consents, {
      give: (issuer, consent, events) => given(events, undefined, consents.give(issuer, consent, events)),
    }),
    codes: overlay(codes, {
      issue: (issuer, code, events) => given(events, 'issued', codes.issue(issuer, code, events)),
      redeem: (issuer, hash, session, now, record) =>
        decided(record, (noting) => codes.redeem(issuer, hash, session, now, noting)),
    }),
    sessions: overlay(sessions, {
      start: (issuer, session, events) => given(events, 'started', sessions.start(issuer, session, events)),
      end: (issuer, selector, cause, now, record) =>
        decided(record, (noting) => sessions.end(issuer, selector, cause, now, noting)),
      async rotate(issuer, rotation, record) {
        const outcome = await decided(record, (noting) => sessions.rotate(issuer, rotation, noting))
        quietly(() => observer.rotated(outcome))
        return outcome
      },
    }),
  }
}

function registers({ clients, accounts }: Stores, { given, decided }: Watch): Partial<Stores> {
  return {
    clients: overlay(clients, {
      add: (issuer, client, events) => given(events, 'added', clients.add(issuer, client, events)),
      remove: (issuer, id, now, record) =>
        decided(record, (noting) => clients.remove(issuer, id, now, noting)),
    }),
    accounts: overlay(accounts, {
      add: (issuer, account, events) => given(events, 'added', accounts.add(issuer, account, events)),
      changePassword: (issuer, subject, hash, now, record) =>
        decided(record, (noting) => accounts.changePassword(issuer, subject, hash, now, noting)),
      disable: (issuer, subject, now, record) =>
        decided(record, (noting) => accounts.disable(issuer, subject, now, noting)),
      enable: (issuer, subject, record) =>
        decided(record, (noting) => accounts.enable(issuer, subject, noting)),
      remove: (issuer, subject, now, record) =>
        decided(record, (noting) => accounts.remove(issuer, subject, now, noting)),
    }),
  }
}

function logs({ events, keys, revocation }: Stores, { given }: Watch): Partial<Stores> {
  return {
    events: overlay(events, {
      record: (issuer, recorded) => given(recorded, undefined, events.record(issuer, recorded)),
    }),
    keys: overlay(keys, {
      add: (issuer, records, noted) => given(noted, 'added', keys.add(issuer, records, noted)),
      transition: (issuer, steps, noted) => given(noted, 'done', keys.transition(issuer, steps, noted)),
    }),
    revocation: overlay(revocation, {
      append: (issuer, recording) => given(recording.events, undefined, revocation.append(issuer, recording)),
      beginEpoch: (issuer, begun, recording) =>
        given(recording.events, 'begun', revocation.beginEpoch(issuer, begun, recording)),
    }),
  }
}

/** A driver may give its ports as instances of classes, whose methods want their own `this`. */
function overlay<Port extends object>(port: Port, over: Partial<Port>): Port {
  const bound = new Map<PropertyKey, unknown>()
  return new Proxy(port, {
    get(target, name) {
      if (Object.hasOwn(over, name)) return Reflect.get(over, name)
      if (bound.has(name)) return bound.get(name)
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      const method: unknown = member.bind(target)
      bound.set(name, method)
      return method
    },
  })
}

function quietly(tell: () => void): void {
  try {
    tell()
  } catch {
    // Counting is not worth an act
  }
}
