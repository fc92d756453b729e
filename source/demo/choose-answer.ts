import type {RequestFacts} from './read-request.ts';
import type {Answer, Match, Rule, Script} from './script.ts';

const isList = (answer: Answer | readonly Answer[]): answer is readonly Answer[] => Array.isArray(answer);

const matches = (match: Match, facts: RequestFacts, ordinal: number): boolean =>
	(match.ordinal ?? ordinal) === ordinal &&
	(match.kind ?? facts.kind) === facts.kind &&
	(match.model ?? facts.model) === facts.model &&
	(match.afterTool ?? facts.toolOutputs > 0) === facts.toolOutputs > 0 &&
	(match.toolOutputs ?? facts.toolOutputs) === facts.toolOutputs &&
	facts.prompt.includes(match.promptContains ?? '') &&
	facts.bodyText.includes(match.bodyContains ?? '');

/** Chooses answers from a script and remembers what was used up: ordinals, `times` and whose turn it is in a list of answers. */
export class AnswerChooser {
	readonly #script: Script;
	readonly #modelPath: string;
	readonly #used = new Map<Rule, number>();
	#ordinal = 0;

	/** A rule that names no path is for `modelPath`, and only requests there are counted as ordinals. */
	constructor(script: Script, modelPath: string) {
		this.#script = script;
		this.#modelPath = modelPath;
	}

	/** Whether any rule could answer on this path. */
	knows(path: string): boolean {
		return path === this.#modelPath || this.#script.some(rule => rule.match?.path === path);
	}

	/** The answer for the next request, or undefined where no rule matches. */
	choose(facts: RequestFacts): Answer | undefined {
		this.#ordinal += facts.path === this.#modelPath ? 1 : 0;
		const rule = this.#script.find(
			candidate =>
				(this.#used.get(candidate) ?? 0) < (candidate.times ?? Number.POSITIVE_INFINITY) &&
				(candidate.match?.path ?? this.#modelPath) === facts.path &&
				matches(candidate.match ?? {}, facts, this.#ordinal),
		);
		if (rule === undefined) {
			return undefined;
		}

		const used = this.#used.get(rule) ?? 0;
		this.#used.set(rule, used + 1);
		return isList(rule.answer) ? rule.answer[used % rule.answer.length] : rule.answer;
	}
}
