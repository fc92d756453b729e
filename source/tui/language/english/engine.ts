import type {ExplainStep, ExplainView} from '../../../event/explain.ts';
import type {Saying} from '../../../event/plan-view.ts';
import type {IncidentView, TraceEntry} from '../../../event/view.ts';

/** What an incident says of itself. */
export type IncidentTexts = Pick<IncidentView, 'title' | 'effect' | 'advice' | 'closesWhen'>;

/** What the engine says. It speaks English; other languages say the same by its stable codes, and what they do not know as it is. */
export const engine = {
	incident: (incident: IncidentView): IncidentTexts => incident,
	/** What an incident is about. */
	scope: (scope: string): string => scope,
	/** Why a candidate stands where it stands. */
	reason: (saying: Saying): string => saying.text,
	question: (view: ExplainView): string => view.question,
	/** What a step of an explanation is about. */
	subject: (subject: string): string => subject,
	step: (step: ExplainStep): string => step.text,
	/** What the engine, the doctor or the settings answer to a key. */
	answer: (sentence: string): string => sentence,
	/** What is wrong with the configuration. */
	problem: (sentence: string): string => sentence,
	/** What a conversation tells of itself, or why there is none. */
	note: (note: string): string => note,
	/** A decision of the control trace. */
	trace: (entry: TraceEntry): string => entry.what,
};
