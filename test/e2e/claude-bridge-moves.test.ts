import {expect, test} from 'vitest';
import {startBridged} from '../support/bridge-upstream.ts';
import {runClaude} from '../support/claude.ts';
import {startEngine} from '../support/engine.ts';
import {startFar} from '../support/far.ts';
import {scratchFolder} from '../support/scratch.ts';
import {expectNoRefusals} from '../support/upstream.ts';
import {claudeTool} from '../upstreams/claude-tool.ts';

/* One conversation of the real Claude Code, many makers (translation.md 6.2). */

test('a session moves from DeepSeek to Claude, OpenAI, and back to Claude', async () => {
	const upstreams = [
		await startFar('messages', claudeTool, {dialect: 'messages'}),
		await startBridged('chat', claudeTool),
		await startBridged('responses', claudeTool),
	];
	const engine = await startEngine({claude: upstreams});
	const home = scratchFolder('claude');
	for (const [index, name] of ['chat', 'messages', 'responses', 'messages'].entries()) {
		await engine.tell('/api/v1/pin', {service: 'claude', endpoint: `claude/${name}/default`});
		const args = ['--allowedTools', 'Bash', ...(index === 0 ? [] : ['--continue'])];
		const turn = await runClaude(`turn ${index}`, {url: engine.claudeUrl, home, args});
		upstreams.forEach(upstream => expectNoRefusals(upstream));
		expect([turn.exitCode, turn.text], turn.stderr).toEqual([0, 'The command printed tool-ran.']);
	}
});
