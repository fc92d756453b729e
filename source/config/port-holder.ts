import {readdir, readFile, readlink} from 'node:fs/promises';
import path from 'node:path';

/** The process that listens on a TCP port. Its arguments are left out: they may hold keys. */
export interface PortHolder {
	readonly pid: number;
	/** The program, with its script where it is an interpreter: `node serve.js`. */
	readonly command: string;
}

const listening = '0A';

const readLines = async (file: string): Promise<readonly string[]> =>
	(await readFile(file, 'utf8').catch(() => '')).split('\n').slice(1);

/** Inodes of the sockets that listen on `port`; the lines are `sl local_address rem_address st … uid timeout inode` (proc(5)). */
const findListeningInodes = async (port: number): Promise<ReadonlySet<string>> => {
	const lines = [...(await readLines('/proc/net/tcp')), ...(await readLines('/proc/net/tcp6'))];
	const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
	return new Set(
		lines
			.map(line => line.trim().split(/\s+/))
			.filter(fields => fields[1]?.endsWith(suffix) === true && fields[3] === listening)
			.map(fields => fields[9] ?? ''),
	);
};

const holdsOneOf = async (pid: string, inodes: ReadonlySet<string>): Promise<boolean> => {
	const folder = `/proc/${pid}/fd`;
	// Processes of other users do not show their descriptors.
	for (const descriptor of await readdir(folder).catch(() => [])) {
		const target = await readlink(`${folder}/${descriptor}`).catch(() => '');
		const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
		if (inode !== undefined && inodes.has(inode)) {
			return true;
		}
	}

	return false;
};

const readCommand = async (pid: string): Promise<string> => {
	const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
	const [program = '', script = ''] = line.split('\0');
	const name = path.basename(program) || (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'unknown')).trim();
	return /\.[cm]?[jt]s$|\.py$/.test(script) ? `${name} ${path.basename(script)}` : name;
};

const findOnLinux = async (port: number): Promise<PortHolder | undefined> => {
	const inodes = await findListeningInodes(port);
	if (inodes.size === 0) {
		return undefined;
	}

	for (const pid of (await readdir('/proc')).filter(name => /^\d+$/.test(name))) {
		if (await holdsOneOf(pid, inodes)) {
			return {pid: Number(pid), command: await readCommand(pid)};
		}
	}

	return undefined;
};

const findByLsof = async (port: number): Promise<PortHolder | undefined> => {
	const {execa} = await import('execa');
	const {stdout} = await execa('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], {
		reject: false,
		timeout: 3000,
	});
	const pid = /^p(\d+)$/m.exec(stdout)?.[1];
	return pid === undefined ? undefined : {pid: Number(pid), command: /^c(.+)$/m.exec(stdout)?.[1] ?? 'unknown'};
};

/** Who listens on a TCP port of this machine, or undefined where nobody does or the process belongs to another user. */
export const findPortHolder = async (port: number): Promise<PortHolder | undefined> =>
	process.platform === 'linux' ? await findOnLinux(port) : await findByLsof(port).catch(() => undefined);

/** The sentence for "port in use": it says who holds it as far as that can be seen, and what to do. */
export const describePortInUse = async (port: number): Promise<string> => {
	const holder = await findPortHolder(port);
	const who = holder === undefined ? 'another process' : `pid ${holder.pid} (${holder.command})`;
	return `Port ${port} is in use by ${who}; stop it, or choose another port with --port or [listen] in config.toml. If it is a codex-tui of another home, "codex-tui attach --home FOLDER" shows it.`;
};
