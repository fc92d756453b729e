import {textAt} from '../base/json.ts';
import type {Service} from '../wire/names.ts';
import {listOf, type ControlClient} from './control-client.ts';
import {endpointKeysOf, findOne, serviceOf, type RoutingContext} from './routing-control.ts';
import {readEnd, wrongUsage, type RoutingFlags} from './routing-flags.ts';
import {ofService, overrideText, pinText} from './routing-show.ts';

/* What the user sets on top of the routes: pins, and the overrides of one session (routing.md 8 and 9). */

/** `routing pin NAME`: only this endpoint, or with `--prefer` this one first; for everybody or one session. */
export const pin = async ({control, write, nowMs}: RoutingContext, flags: RoutingFlags): Promise<void> => {
	const [name] = flags.words;
	if (name === undefined) {
		throw wrongUsage('routing pin takes the name of a provider or endpoint.');
	}

	const untilMs = readEnd(flags, nowMs);
	const endpoint = findOne(await endpointKeysOf(control), name, flags.service);
	const {session} = flags;
	const wish = {
		...{service: serviceOf(endpoint), session, endpoint},
		...{mode: flags.prefer === true ? 'prefer' : 'only', until_ms: untilMs},
	};
	await control.change('/api/v1/pin', wish);
	write(flags.json === true ? JSON.stringify({action: 'pin', ...wish, changed: true}) : pinText(wish, nowMs));
};

const findPin = async (
	control: ControlClient,
	{service, session}: RoutingFlags,
): Promise<{readonly service: Service; readonly endpoint: string} | undefined> => {
	const pins = listOf(await control.read('/api/v1/pins'), 'pins');
	const found = ofService(pins, service).filter(row => textAt(row, 'session') === session);
	if (found.length > 1) {
		throw wrongUsage('Both services have a pin; say --codex or --claude.');
	}

	const endpoint = textAt(found[0], 'endpoint');
	return endpoint === undefined ? undefined : {service: serviceOf(endpoint), endpoint};
};

/** `routing unpin`: the routes decide again. */
export const unpin = async ({control, write}: RoutingContext, flags: RoutingFlags): Promise<void> => {
	const found = await findPin(control, flags);
	const {session, json} = flags;
	if (found) {
		await control.change('/api/v1/pin', {service: found.service, session, endpoint: null});
	}

	const who = session === undefined ? (found?.service ?? flags.service ?? 'any service') : `the session ${session}`;
	const sentence = found
		? `The pin of ${who} to ${found.endpoint} is gone; the routes decide again.`
		: `Nothing to change: there is no pin of ${who}.`;
	write(json === true ? JSON.stringify({action: 'unpin', ...found, session, changed: found !== undefined}) : sentence);
};

/** `-` gives a field back to the client. */
const given = (value: string | undefined): string | null | undefined => (value === '-' ? null : value);

const listOverrides = async (context: RoutingContext, {service, session, json}: RoutingFlags): Promise<void> => {
	const {control, write} = context;
	const answer = listOf(await control.read('/api/v1/overrides'), 'overrides');
	const overrides = ofService(answer, service).filter(row => session === undefined || row['session'] === session);
	if (json === true) {
		write(JSON.stringify({overrides}));
		return;
	}

	const lines = overrides.map(overrideText);
	write(lines.length === 0 ? 'Nothing is overridden.' : lines.join('\n'));
};

/** `routing override`: lists them, or sets, changes and clears those of one session. */
export const override = async (context: RoutingContext, flags: RoutingFlags): Promise<void> => {
	const {service = 'codex', session, clear, json} = flags;
	const fields = {
		model: given(flags.model),
		effort: given(flags.effort),
		tier: given(flags.tier),
		profile: given(flags.profile),
	};
	const named = Object.entries(fields).filter(([, value]) => value !== undefined);
	if (named.length === 0 && clear !== true) {
		await listOverrides(context, flags);
		return;
	}

	if (session === undefined) {
		throw wrongUsage('An override is for one session; name it with --session.');
	}

	if (clear === true && named.length > 0) {
		throw wrongUsage('--clear takes all overrides away; give no other field with it.');
	}

	const wish = {service, session, ...fields, ...(clear === true ? {clear, profile: null} : {})};
	await context.control.change('/api/v1/overrides', wish);
	if (json === true) {
		context.write(JSON.stringify({action: 'override', ...wish}));
		return;
	}

	const changes = named.map(([name, value]) =>
		value === null ? `${name} is the client's own` : `${name} is ${value}`,
	);
	context.write(
		clear === true
			? `Nothing of the session ${session} is overridden any more.`
			: `From the next request of the session ${session} on: ${changes.join(', ')}.`,
	);
};
