import {existsSync} from 'node:fs';
import path from 'node:path';

const mostRemembered = 5000;

/** Finds what project a folder belongs to: the nearest folder above it that has a `.git`, or itself. Each folder is looked at once. */
export class ProjectFinder {
	readonly #known = new Map<string, string>();

	/** Touches no other machine: only absolute paths of this one are looked at. */
	find(folder: string): string {
		const known = this.#known.get(folder);
		if (known !== undefined) {
			return known;
		}

		const isHere = path.isAbsolute(folder) && !/^[\\/]{2}/.test(folder);
		const project = isHere ? rootOf(path.resolve(folder)) : folder;
		if (this.#known.size < mostRemembered) {
			this.#known.set(folder, project);
		}

		return project;
	}
}

const rootOf = (folder: string): string => {
	for (let at = folder; ; at = path.dirname(at)) {
		if (existsSync(path.join(at, '.git'))) {
			return at;
		}

		if (at === path.dirname(at)) {
			return folder;
		}
	}
};
