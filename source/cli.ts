#!/usr/bin/env node
import {fileURLToPath} from 'node:url';

/* argv → one command, lazily imported; nothing else. Old versions of Node must get as far as the sentence below. */

type Command = () => Promise<{readonly run: (args: readonly string[]) => Promise<number>}>;

const requiredMajor = 24;

const commands: Readonly<Record<string, Command>> = {
	start: () => import('./command/start.ts'),
	serve: () => import('./command/serve.ts'),
	attach: () => import('./command/attach.ts'),
	init: () => import('./command/init.ts'),
	switch: () => import('./command/switch.ts'),
	config: () => import('./command/config.ts'),
	account: () => import('./command/account.ts'),
	routing: () => import('./command/routing.ts'),
	balance: () => import('./command/balance.ts'),
	provider: () => import('./command/provider.ts'),
	keys: () => import('./command/keys.ts'),
	session: () => import('./command/session.ts'),
	request: () => import('./command/request.ts'),
	usage: () => import('./command/usage.ts'),
	transcript: () => import('./command/transcript.ts'),
	doctor: () => import('./command/doctor.ts'),
	help: () => import('./command/help.ts'),
	version: () => import('./command/version.ts'),
};

const aliases: ReadonlyMap<string, string> = new Map([
	['--help', 'help'],
	['-h', 'help'],
	['--version', 'version'],
	['-v', 'version'],
]);

const main = async (): Promise<number> => {
	const [first = '', ...rest] = process.argv.slice(2);
	const isFlag = first === '' || first.startsWith('-');
	const name = aliases.get(first) ?? (isFlag ? 'start' : first);
	const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
	const {runCommand} = await import('./command/run-command.ts');
	return runCommand({
		name,
		command,
		names: Object.keys(commands),
		args: isFlag && name === 'start' ? process.argv.slice(2) : rest,
	});
};

if (Number(process.versions.node.split('.')[0]) < requiredMajor) {
	process.stderr.write(
		`codex-tui needs Node ${requiredMajor} or newer; this is Node ${process.versions.node} (${process.execPath}). Install a newer one, or start it with \`npm start\` in its folder.\n`,
	);
	process.exitCode = 1;
} else {
	const {enableCompileCache} = await import('node:module');
	// Compiling is half of the start. Beside the code and not in the temporary folder, where anybody could leave a cache for us; a
	// folder that cannot be written costs the gain, nothing else.
	if (import.meta.url.endsWith('.js')) {
		enableCompileCache(fileURLToPath(new URL('cache', import.meta.url)));
	}

	const code = await main();
	// A terminal that stopped reading keeps its last frame in the queue for ever; nobody waits for that.
	process.exit(code);
}
