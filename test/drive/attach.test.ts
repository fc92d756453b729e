import {expect, onTestFinished, test} from 'vitest';
import {product, productEnv, startEngine} from '../support/engine.ts';
import {openPty, type PtyProgram} from '../support/pty.ts';

/* `codex-tui attach` and `codex-tui serve`, each a program of its own. */

const attach = (home: string, ...flags: readonly string[]): PtyProgram => {
	const screen = openPty({command: product('attach', ...flags), env: productEnv(home), columns: 80, rows: 24});
	onTestFinished(() => screen[Symbol.asyncDispose]());
	return screen;
};

test('a second program shows the engine of the first, changes it only when it was allowed to, and leaves it running', async () => {
	const engine = await startEngine({codex: [{name: 'up', url: 'http://127.0.0.1:9/v1'}]});
	const looking = attach(engine.home);
	await looking.until(/codex-tui +● ok .*attached :\d+ read-only/);
	looking.type('o');
	await looking.until('This screen is read-only; codex-tui attach --allow-actions');
	const acting = attach(engine.home, '--allow-actions');
	await acting.until(/● ok .*attached :\d+ may act/);
	acting.type('o');
	await looking.until(/route up ◆ only/);
	expect(await engine.look('/api/v1/pins')).toMatchObject({pins: [{endpoint: 'codex/up/default', mode: 'only'}]});
	acting.type('q');
	expect(await acting.ended).toEqual({exitCode: 0, signal: 0});
	expect(acting.text()).toContain(`left; the engine at ${engine.control} goes on.`);
	expect(await engine.look('/health')).toMatchObject({routes: 1});
	await engine.kill();
	await looking.until(/✖ stale since \d\d:\d\d:\d\d/);
	await looking.until(/attached :\d+ read-only/);
});
