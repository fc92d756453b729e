import path from 'node:path';
import {expect, test} from 'vitest';
import {cooldownBaseMs} from '../../../source/attempt/breaker.ts';
import {targetOf} from '../../../source/engine/brain/candidate-entry.ts';
import {EndpointHealthBook} from '../../../source/engine/brain/endpoint-health.ts';
import {openStateStore} from '../../../source/engine/brain/state-store.ts';
import {fakeClock} from '../../support/clock.ts';
import {configOf, endpoint, noCredentials} from '../../support/endpoint.ts';
import {temporaryFolder} from '../../support/folder.ts';

const keyed = endpoint('a', {credentials: {...noCredentials, bearer: {kind: 'env', name: 'A_KEY'}}});
const passing = endpoint('a', {credentials: {...noCredentials, passesClientAuth: true}});
const refused = {outcome: 'auth', reason: 'answered 401', baseMs: cooldownBaseMs.status5xx} as const;

const createBook = (folder: string, env: NodeJS.ProcessEnv, clock = fakeClock()) => {
	const store = openStateStore(path.join(folder, 'state.db'), clock.now, () => undefined);
	const book = new EndpointHealthBook({
		store,
		credentials: {env, readClientKey: () => undefined},
		announce: () => undefined,
		now: clock.now,
	});
	return {book, store};
};

const healthOf = (book: EndpointHealthBook, target: typeof keyed, login: string | undefined) => {
	book.configure(configOf(target));
	return book.lookUp(login)(target.key, 'default', undefined);
};

const refuse = (book: EndpointHealthBook, target: typeof keyed, login?: string): void => {
	book.credentialRefused(target, login);
	book.health.end(book.health.begin(targetOf(target, target.accounts[0]), false), refused);
};

test('a refused key is not tried again, also after a restart, until it changes', () => {
	using folder = temporaryFolder();
	const first = createBook(folder.path, {A_KEY: 'old'});
	refuse(first.book, keyed);
	expect(healthOf(first.book, keyed, undefined)).toMatchObject({phase: 'open', cause: 'auth', untilMs: undefined});
	first.store.close();
	const second = createBook(folder.path, {A_KEY: 'old'});
	expect(healthOf(second.book, keyed, 'Bearer whoever')).toMatchObject({phase: 'open', cause: 'auth'});
	second.store.close();
	const third = createBook(folder.path, {A_KEY: 'new'});
	expect(healthOf(third.book, keyed, undefined)).toMatchObject({phase: 'closed', reason: undefined});
	third.store.close();
});

test('a client’s own login that was refused gets a new chance when the client has logged in anew', () => {
	using folder = temporaryFolder();
	const {book, store} = createBook(folder.path, {});
	refuse(book, passing, 'Bearer expired');
	expect(healthOf(book, passing, 'Bearer expired')).toMatchObject({phase: 'open', cause: 'auth'});
	expect(healthOf(book, passing, 'Bearer renewed')).toMatchObject({phase: 'closed'});
	store.close();
});

test('a key that is not set is named, unless the client’s login goes instead', () => {
	using folder = temporaryFolder();
	const {book, store} = createBook(folder.path, {});
	expect(healthOf(book, keyed, undefined).missingCredential).toBe('A_KEY');
	const either = endpoint('b', {credentials: {...keyed.accounts[0].credentials, passesClientAuth: true}});
	expect(healthOf(book, either, undefined).missingCredential).toBeUndefined();
	store.close();
});

test('a stored breaker of an older shape is left out', () => {
	using folder = temporaryFolder();
	const first = createBook(folder.path, {});
	first.store.set('breaker', keyed.key, {
		phase: 'open',
		failures: 3,
		opened: 1,
		baseMs: 30_000,
		reason: 'x',
		cause: 'hard',
	});
	first.store.close();
	const second = createBook(folder.path, {A_KEY: 'k'});
	expect(healthOf(second.book, keyed, undefined).phase).toBe('closed');
	second.store.close();
});
