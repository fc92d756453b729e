import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, rmSync} from 'node:fs';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {CommandError, exitCode} from '../../source/base/errors.ts';
import {undoAtExit} from './cleanup.ts';
import {endProcess, startChild} from './child.ts';
import {freePort, untilListening} from './port.ts';
import {requestPath, type RunningTarget, type Target} from './target.ts';

/* The programs we compare ourselves with, and the mock itself. */

const nginxPath = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx'].find(file => existsSync(file));

/**
 * The config of performance.md 1: one worker, answers not buffered, keep-alive on both sides, nothing logged. Request bodies
 * stay in memory, which is nginx at its best: from a temp file a body of 40 KB took it 43 ms (Nagle against delayed ACK).
 */
const nginxConfig = (port: number, mockPort: number): string => `daemon off;
worker_processes 1;
pid nginx.pid;
error_log error.log crit;
worker_rlimit_nofile 16384;
events { worker_connections 8192; }
http {
	access_log off;
	client_body_temp_path body;
	proxy_temp_path proxy;
	fastcgi_temp_path fastcgi;
	uwsgi_temp_path uwsgi;
	scgi_temp_path scgi;
	client_max_body_size 64m;
	client_body_buffer_size 2m;
	keepalive_requests 1000000;
	upstream mock { server 127.0.0.1:${mockPort}; keepalive 256; keepalive_requests 1000000; }
	server {
		listen 127.0.0.1:${port} backlog=4096;
		location / {
			proxy_pass http://mock;
			proxy_http_version 1.1;
			proxy_set_header Connection "";
			proxy_buffering off;
			proxy_read_timeout 600s;
		}
	}
}
`;

const startNginx = async (mockPort: number): Promise<RunningTarget> => {
	const folder = await mkdtemp(path.join(tmpdir(), 'codex-tui-bench-nginx-'));
	const port = await freePort();
	await writeFile(path.join(folder, 'nginx.conf'), nginxConfig(port, mockPort));
	const child = spawn(nginxPath ?? 'nginx', ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log'], {
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	await Promise.race([once(child, 'spawn'), once(child, 'error')]);
	if (child.pid === undefined) {
		throw new CommandError(exitCode.failed, 'nginx-failed', `nginx did not start from ${nginxPath}.`);
	}

	const keep = undoAtExit(() => {
		child.kill('SIGKILL');
		rmSync(folder, {recursive: true, force: true});
	});
	await untilListening(port, 'nginx');
	return {
		address: {port, path: requestPath, headers: {}},
		pid: child.pid,
		async [Symbol.asyncDispose]() {
			await endProcess(child);
			keep();
			await rm(folder, {recursive: true, force: true});
		},
	};
};

/** Client to mock with nothing between: the floor of all figures. */
export const direct: Target = {
	name: 'direct',
	missing: () => undefined,
	start: async mockPort => ({
		address: {port: mockPort, path: requestPath, headers: {}},
		pid: undefined,
		[Symbol.asyncDispose]: async () => {},
	}),
};

/** nginx, one worker, foreground, in a folder of its own. */
export const nginx: Target = {
	name: 'nginx',
	missing: () => (nginxPath === undefined ? 'nginx is not installed (Debian package nginx-light)' : undefined),
	start: startNginx,
};

const nodePeer = (name: string, file: string): Target => ({
	name,
	missing: () => undefined,
	async start(mockPort) {
		const child = await startChild<never, null>(file, [String(mockPort)]);
		return {
			address: {port: child.port, path: requestPath, headers: {}},
			pid: child.pid,
			[Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
		};
	},
});

/** `undici.request` and a pipe. */
export const undiciPipe = nodePeer('undici-pipe', './undici-pipe.ts');

/** The floor of our own road, without a feature. */
export const bareRoad = nodePeer('bare-road', './bare-road.ts');

/** `http.request` and a pipe. */
export const httpPipe = nodePeer('http-pipe', './http-pipe.ts');
