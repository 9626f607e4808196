import type { Trigger } from '~/aws/glue';

/** "When claims-etl succeeded and the crawler claims ended SUCCEEDED". */
export function conditionWords(trigger: Trigger): string {
  if (trigger.Type === 'ON_DEMAND') return 'Started by hand';
  if (trigger.Type === 'EVENT') return 'Started by events';
  const conditions = (trigger.Predicate?.Conditions ?? []).map((each) => (each.JobName ? `${each.JobName} ${(each.State ?? '').toLowerCase()}` : `the crawler ${each.CrawlerName} ${(each.CrawlState ?? '').toLowerCase()}`));
  if (conditions.length === 0) return trigger.Schedule ?? 'Without a condition';
  return `When ${conditions.join(trigger.Predicate?.Logical === 'ANY' ? ' or ' : ' and ')}`;
}
