import type {PresetAuth, ProviderPreset} from '../provider/presets/preset.ts';
import {presets} from '../provider/presets/presets.ts';

const columns = ['PRESET', 'PROVIDER', 'BASE URL', 'SPEAKS', 'KEY', 'PROFILE'];

const keyText = (auth: PresetAuth): string => {
	switch (auth.kind) {
		case 'key': {
			const place = auth.header === 'authorization' ? '' : ` in ${auth.header}`;
			return auth.isOptional ? 'none or a key' : `${auth.variable ?? 'a key'}${place}`;
		}

		case 'client': {
			return 'the client’s own login';
		}

		case 'oauth': {
			return 'your own OAuth client';
		}

		case 'none': {
			return 'none';
		}

		case 'asked': {
			return 'yours to say';
		}
	}
};

const rowOf = ({name, title, baseUrl, otherUrls, dialect, auth, profile}: ProviderPreset) => ({
	PRESET: name,
	PROVIDER: title,
	'BASE URL': baseUrl ?? otherUrls[0] ?? 'yours to say',
	SPEAKS: dialect ?? 'yours to say',
	KEY: keyText(auth),
	PROFILE: profile,
});

const remarks = ({name, terms, note}: ProviderPreset): readonly string[] =>
	[terms, note].filter(text => text !== undefined).map(text => `${name}: ${text}`);

/** Every preset, as a table with its terms and notes below, or as JSON with everything that is known of it. */
export const presetsText = async (json: boolean): Promise<string> => {
	if (json) {
		return JSON.stringify({presets});
	}

	const {printedTable} = await import('../tui/table/ink-table.ts');
	return [printedTable(presets.map(rowOf), columns), ...presets.flatMap(remarks)].join('\n');
};
