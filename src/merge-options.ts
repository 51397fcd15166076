import { groupsWithin } from './context/apply-context';
import type { ResolvedOptions } from './options';

/**
 * What is said of one client, or of one event, within what is said of all: it holds where it is said, groups and
 * properties are added, and `privacyMode` is not taken back.
 *
 * @param said - the names of the options that the inner ones do not have by default only.
 * @returns the outer ones themselves where nothing is said.
 */
export function mergeOptions(outer: ResolvedOptions, inner: ResolvedOptions, said: readonly string[]): ResolvedOptions {
  if (said.length === 0) return outer;
  const known = said.map((name) => [name, inner[name as keyof ResolvedOptions]]);
  return {
    ...outer,
    ...(Object.fromEntries(known) as Partial<ResolvedOptions>),
    privacyMode: outer.privacyMode || inner.privacyMode,
    ...(outer.groups && inner.groups && { groups: groupsWithin(outer.groups, inner.groups) }),
    ...(outer.properties && inner.properties && { properties: { ...outer.properties, ...inner.properties } }),
  };
}
