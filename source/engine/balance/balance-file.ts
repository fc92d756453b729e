import {readFileSync, statSync} from 'node:fs';
import {codeOf, messageOf, RelayError} from '../../base/errors.ts';
import {parseUsageProviders, type UsageProvider} from '../../provider/balance/usage-providers.ts';

/** What is told about the file, each a sentence that begins with file and line. */
export interface FileReports {
	/** The file cannot be used; the last good entries go on. */
	readonly onFault: (error: RelayError) => void;
	/** Once per version of the file, without any where all is well. */
	readonly onLoaded: (warnings: readonly string[]) => void;
}

/** `usage_providers.json` as it was last good. Where there is no file there are no entries. */
export class UsageProvidersFile {
	readonly #path: string;
	readonly #reports: FileReports;
	#stamp = 'never read';
	#providers: readonly UsageProvider[] = [];

	constructor(path: string, reports: FileReports) {
		this.#path = path;
		this.#reports = reports;
	}

	get providers(): readonly UsageProvider[] {
		return this.#providers;
	}

	/** Reads the file if it is another one than last time; a bad one is reported once and changes nothing. */
	refresh(): void {
		try {
			const found = statSync(this.#path, {throwIfNoEntry: false});
			const stamp = found === undefined ? 'absent' : `${found.mtimeMs}/${found.size}/${found.ino}`;
			if (stamp === this.#stamp) {
				return;
			}

			this.#stamp = stamp;
			const read =
				found === undefined ? {providers: [], warnings: []} : parseUsageProviders(this.#path, readFileSync(this.#path));
			this.#providers = read.providers;
			this.#reports.onLoaded(read.warnings);
		} catch (error) {
			this.#reports.onFault(
				error instanceof RelayError
					? error
					: new RelayError(
							'usage-providers-invalid',
							`${this.#path} cannot be read (${codeOf(error) ?? messageOf(error)}); make it readable.`,
						),
			);
		}
	}
}
