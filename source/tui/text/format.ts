/* Numbers and times as the screen shows them: short, right-alignable, never half a number, `-` for what is not known. */

const two = (value: number): string => String(value).padStart(2, '0');

/** `12:04:31` in local time. */
export const formatClock = (atMs: number): string => {
	const date = new Date(atMs);
	return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
};

/** `12:04:31.204` in local time. */
export const formatClockMs = (atMs: number): string =>
	`${formatClock(atMs)}.${String(new Date(atMs).getMilliseconds()).padStart(3, '0')}`;

/** `412ms`, `6.2s`, `48s`, `3m10s`, `2h05m`, `4d`; at most six cells. */
export const formatDuration = (durationMs: number | undefined): string => {
	if (durationMs === undefined || !Number.isFinite(durationMs)) {
		return '-';
	}

	const ms = Math.max(0, durationMs);
	if (ms < 999.5) {
		return `${Math.round(ms)}ms`;
	}

	if (ms < 9950) {
		return `${(ms / 1000).toFixed(1)}s`;
	}

	const seconds = Math.round(ms / 1000);
	if (seconds < 60) {
		return `${seconds}s`;
	}

	if (seconds < 3600) {
		return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
	}

	const hours = Math.floor(seconds / 3600);
	return hours < 48 ? `${hours}h${two(Math.floor((seconds % 3600) / 60))}m` : `${Math.floor(hours / 24)}d`;
};

/** Whole units only, for countdowns and ages: `41s`, `14m`, `2h`, `3d`. */
export const formatAge = (durationMs: number): string => {
	const seconds = Math.max(0, Math.ceil(durationMs / 1000));
	if (seconds < 60) {
		return `${seconds}s`;
	}

	if (seconds < 3600) {
		return `${Math.floor(seconds / 60)}m`;
	}

	return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
};

/** `612`, `17.9K`, `1.10M`; at most five cells up to 999M. */
export const formatCount = (count: number | undefined): string => {
	if (count === undefined || !Number.isFinite(count)) {
		return '-';
	}

	if (count < 1000) {
		return String(Math.round(count));
	}

	if (count < 99_950) {
		return `${(count / 1000).toFixed(1)}K`;
	}

	if (count < 999_500) {
		return `${Math.round(count / 1000)}K`;
	}

	return count < 99_950_000
		? `${(count / 1_000_000).toFixed(count < 9_950_000 ? 2 : 1)}M`
		: `${Math.round(count / 1_000_000)}M`;
};

/** `98%`, or `-` where nothing was counted. Never rounds up to 100% what was not perfect. */
export const formatShare = (part: number, whole: number): string =>
	whole === 0 ? '-' : `${part === whole ? 100 : Math.min(99, Math.round((part / whole) * 100))}%`;

/** `relay-a` of `codex/relay-a/default`, `relay-a/eu` of `codex/relay-a/eu`. */
export const nameOfEndpoint = (key: string | undefined): string => {
	const [, provider, endpoint] = (key ?? '').split('/');
	if (provider === undefined || provider === '') {
		return key === undefined || key === '' ? '-' : key;
	}

	return endpoint === undefined || endpoint === 'default' ? provider : `${provider}/${endpoint}`;
};

/** A home folder and its parents shortened to the last two names: `~/src/api`, `…/src/api`. */
export const formatFolder = (folder: string | undefined): string => {
	if (folder === undefined || folder === '') {
		return '-';
	}

	const names = folder.replace(/^\/(home|Users)\/[^/]+/, '~').split('/');
	return names.length <= 3 ? names.join('/') : `…/${names.slice(-2).join('/')}`;
};
