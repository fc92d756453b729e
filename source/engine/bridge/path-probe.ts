import {realpathSync, statSync} from 'node:fs';
import path from 'node:path';
import {touchesSecrets, type PathProbe} from '../../translate/text-tools/intent/commands.ts';

/** What a path is, seen from the client's working directory: links are followed, and where they lead out of it or to a secret there is nothing. */
export const createPathProbe =
	(workingDirectory: string): PathProbe =>
	wanted => {
		try {
			const root = realpathSync(workingDirectory);
			const real = realpathSync(path.resolve(root, wanted));
			const isInside = real === root || real.startsWith(root + path.sep);
			const facts = isInside && !touchesSecrets(path.relative(root, real)) ? statSync(real) : undefined;
			return facts?.isDirectory() === true ? 'directory' : facts?.isFile() === true ? 'file' : undefined;
		} catch {
			// A path that is not there, or that we may not see, is no path: the question was whether it exists.
			return undefined;
		}
	};
