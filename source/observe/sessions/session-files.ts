import type {Dirent} from 'node:fs';
import {readdir, stat} from 'node:fs/promises';
import path from 'node:path';
import {setImmediate as nextTurn} from 'node:timers/promises';
import {codeOf} from '../../base/errors.ts';
import type {ClientSession, ClientSessionsView} from '../../event/client-session.ts';

/* Where the clients keep their sessions (codex-wire.md 4, claude-wire.md 5), and which of those files count. */

/** The homes of the clients: `$CODEX_HOME` and `$CLAUDE_CONFIG_DIR`. */
export interface ClientHomes {
	readonly codexHome: string;
	readonly claudeHome: string;
}

/** One file of a session. */
export interface SessionFile {
	readonly path: string;
	readonly client: ClientSession['client'];
	readonly isArchived: boolean;
	readonly bytes: number;
	readonly changedAtMs: number;
	readonly inode: number;
}

/** All of them. */
export interface FoundFiles {
	/** The one that was written last first. */
	readonly files: readonly SessionFile[];
	readonly unreadableFolders: ClientSessionsView['unreadableFolders'];
}

interface Root extends Pick<SessionFile, 'client' | 'isArchived'> {
	readonly folder: string;
	readonly name: RegExp;
}

const rollout = /^rollout-.*\.jsonl$/;

const rootsOf = ({codexHome, claudeHome}: ClientHomes): readonly Root[] => [
	{folder: path.join(codexHome, 'sessions'), client: 'codex', isArchived: false, name: rollout},
	{folder: path.join(codexHome, 'archived_sessions'), client: 'codex', isArchived: true, name: rollout},
	{folder: path.join(claudeHome, 'projects'), client: 'claude-code', isArchived: false, name: /\.jsonl$/},
];

/** Deeper than any client goes; a folder that is bent upon itself ends here at the latest. */
const deepest = 6;
const most = 50_000;
const statsAtOnce = 64;

/** Links are not followed: a folder that points to its parent would never end, and a client makes none. */
const walk = async (root: Root, found: string[], unreadable: Array<{path: string; code: string}>): Promise<void> => {
	const open = [{folder: root.folder, depth: 0}];
	for (let next = open.pop(); next !== undefined && found.length < most; next = open.pop()) {
		const {folder, depth} = next;
		let entries: Dirent[] = [];
		try {
			entries = await readdir(folder, {withFileTypes: true});
		} catch (error) {
			const code = codeOf(error) ?? 'EIO';
			if (code !== 'ENOENT') {
				unreadable.push({path: folder, code});
			}
		}

		for (const entry of entries) {
			if (entry.isDirectory() && depth < deepest) {
				open.push({folder: path.join(folder, entry.name), depth: depth + 1});
			} else if (entry.isFile() && root.name.test(entry.name)) {
				found.push(path.join(folder, entry.name));
			}
		}
	}
};

const statOf = async (file: string, {client, isArchived}: Root): Promise<readonly SessionFile[]> => {
	try {
		const {size, mtimeMs, ino} = await stat(file);
		return [{path: file, client, isArchived, bytes: size, changedAtMs: mtimeMs, inode: ino}];
	} catch {
		// Gone between the list and the look: then it is no session any more.
		return [];
	}
};

/** Every session file of both clients. A home that is not there has none. */
export const findSessionFiles = async (homes: ClientHomes): Promise<FoundFiles> => {
	const files: SessionFile[] = [];
	const unreadableFolders: Array<{path: string; code: string}> = [];
	for (const root of rootsOf(homes)) {
		const found: string[] = [];
		await walk(root, found, unreadableFolders);
		for (let at = 0; at < found.length; at += statsAtOnce) {
			const stats = await Promise.all(found.slice(at, at + statsAtOnce).map(file => statOf(file, root)));
			files.push(...stats.flat());
			await nextTurn();
		}
	}

	return {files: files.toSorted((left, right) => right.changedAtMs - left.changedAtMs), unreadableFolders};
};
