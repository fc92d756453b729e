import {expect, test} from 'vitest';
import {decideRestart, type RestartDecision, type RestartHistory} from '../../source/engine/restart-policy.ts';

const dieAt = (timesMs: readonly number[]): readonly RestartDecision[] => {
	let history: RestartHistory = {deathsMs: []};
	return timesMs.map(timeMs => {
		const decision = decideRestart(history, timeMs);
		history = decision.history;
		return decision;
	});
};
const delays = (decisions: readonly RestartDecision[]) =>
	decisions.map(decision => (decision.kind === 'restart' ? decision.inMs : decision.kind));

test('the delays grow by four up to half a minute, and the sixth death in ten minutes is the last', () => {
	expect(delays(dieAt([0, 1000, 2000, 6000, 20_000, 51_000]))).toEqual([200, 800, 3200, 12_800, 30_000, 'give-up']);
});

test('ten healthy minutes begin the count anew', () => {
	expect(delays(dieAt([0, 1000, 602_000, 603_000]))).toEqual([200, 800, 200, 800]);
});

test('deaths that are spread thin never end it', () => {
	const times = Array.from({length: 50}, (_, index) => index * 150_000);
	expect(delays(dieAt(times))).not.toContain('give-up');
	expect(dieAt(times).at(-1)?.history.deathsMs.length).toBeLessThanOrEqual(5);
});
