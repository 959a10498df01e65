import type { KeyEvent } from '@jotwarden/keyring'
import type { AccountRecords } from './account-records.ts'
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
  return inPlaceOf(stores, {
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

/** The acts of a port that write events: those that are given some, or a way to decide on them. None may be left out. */
type Acts<Port> = Pick<
  Port,
  {
    [Name in keyof Port]: Port[Name] extends (...given: infer Given) => unknown
      ? [
          Extract<Given[number], Events | { readonly events: Events } | ((outcome: never) => unknown)>,
        ] extends [never]
        ? never
        : Name
      : never
  }[keyof Port]
>

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
      endOf: (issuer, subject, choice, cause, now, record) =>
        decided(record, (noting) => logins.endOf(issuer, subject, choice, cause, now, noting)),
    }),
    consents: overlay(consents, {
      give: (issuer, consent, rev, events) =>
        given(events, 'given', consents.give(issuer, consent, rev, events)),
      withdraw: (issuer, of, cause, now, record) =>
        decided(record, (noting) => consents.withdraw(issuer, of, cause, now, noting)),
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

function registers({ clients, accounts, holders }: Stores, { given, decided }: Watch): Partial<Stores> {
  return {
    clients: overlay(clients, {
      add: (issuer, client, events) => given(events, 'added', clients.add(issuer, client, events)),
      addAll: (issuer, all, taken, record) =>
        decided(record, (noting) => clients.addAll(issuer, all, taken, noting)),
      rotateSecret: (issuer, rotation, record) =>
        decided(record, (noting) => clients.rotateSecret(issuer, rotation, noting)),
      endSecret: (issuer, named, record) =>
        decided(record, (noting) => clients.endSecret(issuer, named, noting)),
      remove: (issuer, id, now, record) =>
        decided(record, (noting) => clients.remove(issuer, id, now, noting)),
    }),
    accounts: observedAccounts(accounts, { given, decided }),
    holders: overlay(holders, {
      add: (issuer, holding, events) => given(events, 'added', holders.add(issuer, holding, events)),
      remove: (issuer, holder, secret, events) =>
        given(events, 'removed', holders.remove(issuer, holder, secret, events)),
      offboard: (issuer, departure, events) =>
        given(events, 'offboarded', holders.offboard(issuer, departure, events)),
      settle: (issuer, holder, at, events) =>
        given(events, 'settled', holders.settle(issuer, holder, at, events)),
    }),
  }
}

function observedAccounts(accounts: AccountRecords, { given, decided }: Watch): AccountRecords {
  return overlay(accounts, {
    add: (issuer, account, events) => given(events, 'added', accounts.add(issuer, account, events)),
    async addAll(issuer, all, events) {
      const added = accounts.addAll(issuer, all, events)
      await given(
        events,
        'added',
        added.then(({ outcome }) => outcome),
      )
      return added
    },
    changePassword: (issuer, subject, hash, now, record) =>
      decided(record, (noting) => accounts.changePassword(issuer, subject, hash, now, noting)),
    disable: (issuer, subject, now, record) =>
      decided(record, (noting) => accounts.disable(issuer, subject, now, noting)),
    enable: (issuer, subject, record) =>
      decided(record, (noting) => accounts.enable(issuer, subject, noting)),
    remove: (issuer, subject, now, record) =>
      decided(record, (noting) => accounts.remove(issuer, subject, now, noting)),
    erase: (issuer, subject, record) => decided(record, (noting) => accounts.erase(issuer, subject, noting)),
  })
}

function logs({ events, keys, revocation }: Stores, { given }: Watch): Partial<Stores> {
  return {
    events: overlay(events, {
      record: (issuer, recorded) => given(recorded, undefined, events.record(issuer, recorded)),
    }),
    keys: overlay(keys, {
      add: (issuer, records, noted, seen) => given(noted, 'added', keys.add(issuer, records, noted, seen)),
      transition: (issuer, steps, noted) => given(noted, 'done', keys.transition(issuer, steps, noted)),
    }),
    revocation: overlay(revocation, {
      append: (issuer, recording) => given(recording.events, undefined, revocation.append(issuer, recording)),
      beginEpoch: (issuer, begun, recording) =>
        given(recording.events, 'begun', revocation.beginEpoch(issuer, begun, recording)),
    }),
  }
}

function overlay<Port extends object>(port: Port, acts: NoInfer<Acts<Port>>): Port {
  return inPlaceOf(port, acts)
}

/** A driver may give its ports as instances of classes, whose methods want their own `this`. */
function inPlaceOf<Port extends object>(port: Port, over: object): Port {
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
