/* Commands that stand in prose (translation.md 5.5, level 3, rows L3.2 and L3.3). */

const secrets =
	/(?:^|[\s/'"=])(?:\.env\b|\.ssh\b|\.aws\b|\.netrc\b|id_[a-z0-9]+)|\.pem\b|token|auth\.json|\.git\/config|credential|password|secret/i;

/** Whether a path or a command touches what holds secrets. */
export const touchesSecrets = (text: string): boolean => secrets.test(text);

const forbidden = /[;&$()<>`\n\r\\]|\|\|/;
const negations =
	/\b(?:not|never|avoid|without|no|cannot|can['’]?t|don['’]?t|won['’]?t|mustn['’]?t|shouldn['’]?t|instead of|rather than)\b/i;

const readOnly: ReadonlySet<string> = new Set([
	'ls',
	'cat',
	'head',
	'tail',
	'wc',
	'rg',
	'grep',
	'pwd',
	'stat',
	'file',
	'tree',
	'du',
	'find',
	'git',
	'node',
]);

/** Options that make a reading program write or run something, also shortened or among other letters. */
const writing: Readonly<Record<string, RegExp>> = {
	find: /\s-(?:exec|execdir|ok|okdir|delete|fprint|fprintf|fprint0|fls)\b/,
	rg: /\s--(?:pre|hostname-bin)\b/,
	tree: /\s(?:-\w*[oR]|--output)/,
	git: /\s(?:--out|--ext|--text|-[dDmMcCfu]\b|--(?:delete|move|copy|force|set-upstream|edit-description))/,
	file: /\s(?:-\w*C|--comp)/,
};

const gitWords = /^git\s+(?:status|log|diff|show|branch)(?:\s|$)/;
const nodeVersion = /^node\s+(?:-v|--version)$/;
/** `git branch NAME` makes one. */
const listsBranches = /^git\s+branch(?:\s+-[a-zA-Z-]+)*$/;

const isReadOnly = (part: string): boolean => {
	const [word = ''] = part.split(/\s/);
	if (!readOnly.has(word) || writing[word]?.test(part) === true) {
		return false;
	}

	switch (word) {
		case 'git': {
			return gitWords.test(part) && (!/^git\s+branch/.test(part) || listsBranches.test(part));
		}

		case 'node': {
			return nodeVersion.test(part);
		}

		default: {
			return true;
		}
	}
};

const quoted = /`([^`\n]+)`|"([^"\n]+)"|(?<![\w’'])'([^'\n]+)'/g;

/** Whether the sentence says before a place that something shall not be. */
export const isNegated = (text: string, at: number): boolean => {
	const before = text.slice(0, at);
	const start = Math.max(
		before.lastIndexOf('. '),
		before.lastIndexOf('! '),
		before.lastIndexOf('? '),
		before.lastIndexOf('\n'),
	);
	return negations.test(before.slice(start + 1));
};

/** The first quoted text that is a command which may run; `anyCommand` lifts the list of programs, never the ban on the shell's own signs. */
export const commandIn = (text: string, anyCommand: boolean): string | undefined => {
	for (const match of text.matchAll(quoted)) {
		const command = (match[1] ?? match[2] ?? match[3] ?? '').trim();
		const parts = command.split('|').map(part => part.trim());
		const isAllowed = anyCommand
			? /^[\w./-]+(?:\s|$)/.test(command) && match[1] !== undefined
			: parts.every(isReadOnly);
		if (isAllowed && !forbidden.test(command) && !touchesSecrets(command) && !isNegated(text, match.index)) {
			return command;
		}
	}

	return undefined;
};

const pathShape = /(?:^|[\s`"'(])((?:\.{0,2}\/)?[\w.@-]+(?:\/[\w.@-]+)*\/?)(?=$|[\s`"'),.:;!?])/g;

/** What a path is, inside of the working directory; undefined where there is none. */
export type PathProbe = (path: string) => 'file' | 'directory' | undefined;

/** The command that shows the first path of a text which exists and holds no secret. */
export const pathCommandIn = (text: string, probe: PathProbe): string | undefined => {
	for (const match of text.matchAll(pathShape)) {
		const path = (match[1] ?? '').replace(/\.$/, '');
		const looksLikePath = path.includes('/') || /\.\w{1,8}$/.test(path);
		if (!looksLikePath || touchesSecrets(path) || isNegated(text, match.index)) {
			continue;
		}

		const kind = probe(path);
		if (kind !== undefined) {
			return kind === 'directory' ? `ls -la -- '${path}'` : `head -c 20000 -- '${path}'`;
		}
	}

	return undefined;
};
