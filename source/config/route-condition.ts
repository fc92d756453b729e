import {clients, requestKinds} from '../wire/names.ts';
import type {RouteCondition} from './graph.ts';
import type {Section} from './section.ts';

/* The table `when` of a conditional route: codex-helper.md 1.4 and, from `session` on, routing.md 2. */

const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const windowPattern = /^(?:([a-z,-]+)\s+)?(\d{2}):(\d{2})\s*-\s*(\d{2}):(\d{2})$/;
const minutesPerDay = 24 * 60;

type TimeWindow = RouteCondition['time'][number];

/** `mon-fri,sun` → the numbers of the days; undefined where a name is no day. */
const readDays = (text: string): readonly number[] | undefined => {
	const days: number[] = [];
	for (const part of text.split(',')) {
		const [first = '', last = first, ...rest] = part.split('-');
		const from = dayNames.indexOf(first);
		const to = dayNames.indexOf(last);
		if (from === -1 || to === -1 || rest.length > 0) {
			return undefined;
		}

		for (let day = from; day !== (to + 1) % 7 || days.length === 0; day = (day + 1) % 7) {
			days.push(day);
			if (day === to) {
				break;
			}
		}
	}

	return [...new Set(days)].toSorted((left, right) => left - right);
};

const readWindow = (text: string): TimeWindow | undefined => {
	const match = windowPattern.exec(text.trim().toLowerCase());
	if (match === null) {
		return undefined;
	}

	const [, dayText, fromHour, fromMinute, toHour, toMinute] = match;
	const from = Number(fromHour) * 60 + Number(fromMinute);
	const to = Number(toHour) * 60 + Number(toMinute);
	const days = dayText === undefined ? [] : readDays(dayText);
	const isClock = Number(fromMinute) < 60 && Number(toMinute) < 60 && from < minutesPerDay && to <= minutesPerDay;
	return days === undefined || !isClock ? undefined : {from, to, days};
};

const readTime = (when: Section): RouteCondition['time'] => {
	const value = when.raw()['time'];
	const texts = typeof value === 'string' ? [value] : (when.stringList('time') ?? []);
	return texts.map(text => {
		const window = readWindow(text);
		if (window === undefined) {
			throw when.error(
				'config-value',
				`has ${JSON.stringify(text)}, but it takes windows such as "09:00-18:00" or "mon-fri 22:00-06:00".`,
				'time',
			);
		}

		return window;
	});
};

const readSubagent = (when: Section): boolean | string | undefined =>
	typeof when.raw()['subagent'] === 'string' ? when.string('subagent') : when.boolean('subagent');

/** Throws `ConfigError` for wrong types and values and for a condition that asks nothing. */
export const readCondition = (when: Section): RouteCondition => {
	const condition: RouteCondition = {
		model: when.string('model'),
		path: when.string('path'),
		serviceTier: when.string('service_tier'),
		reasoningEffort: when.string('reasoning_effort'),
		method: when.string('method'),
		headers: new Map(Object.entries(when.strings('headers')).map(([name, value]) => [name.toLowerCase(), value])),
		session: when.string('session'),
		cwd: when.string('cwd'),
		requestKind: when.choice('request_kind', requestKinds),
		subagent: readSubagent(when),
		client: when.choice('client', clients),
		time: readTime(when),
	};
	const {headers, time, ...others} = condition;
	if (headers.size === 0 && time.length === 0 && Object.values(others).every(value => value === undefined)) {
		throw when.error(
			'config-route',
			'asks nothing; name at least one of model, path, headers, session, time and so on.',
		);
	}

	return condition;
};
