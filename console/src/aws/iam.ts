import { callQuery, child, members } from './client';

export interface Role {
  name: string;
  arn: string;
  created: string;
  description: string;
  trust: string;
}

const policyText = (text: string | undefined): string => {
  try {
    return JSON.stringify(JSON.parse(decodeURIComponent(text ?? '')), null, 2);
  } catch {
    return text ?? '';
  }
};

const toRole = (each: Element): Role => ({
  name: child(each, 'RoleName') ?? '',
  arn: child(each, 'Arn') ?? '',
  created: child(each, 'CreateDate') ?? '',
  description: child(each, 'Description') ?? '',
  trust: policyText(child(each, 'AssumeRolePolicyDocument')),
});

export async function roles(): Promise<Role[]> {
  const found: Role[] = [];
  let Marker: string | undefined;
  do {
    const answer = await callQuery('iam', 'ListRoles', { Marker });
    found.push(...members(answer, 'Roles').map(toRole));
    Marker = child(answer, 'IsTruncated') === 'true' ? child(answer, 'Marker') : undefined;
  } while (Marker);
  return found;
}

export async function role(RoleName: string): Promise<Role> {
  const answer = await callQuery('iam', 'GetRole', { RoleName });
  return toRole([...answer.children].find((each) => each.localName === 'Role') ?? answer);
}

export async function attachedPolicies(RoleName: string): Promise<{ name: string; arn: string }[]> {
  const answer = await callQuery('iam', 'ListAttachedRolePolicies', { RoleName });
  return members(answer, 'AttachedPolicies').map((each) => ({ name: child(each, 'PolicyName') ?? '', arn: child(each, 'PolicyArn') ?? '' }));
}

export async function inlinePolicies(RoleName: string): Promise<{ name: string; document: string }[]> {
  const names = members(await callQuery('iam', 'ListRolePolicies', { RoleName }), 'PolicyNames').map((each) => each.textContent ?? '');
  return Promise.all(
    names.map(async (PolicyName) => ({ name: PolicyName, document: policyText(child(await callQuery('iam', 'GetRolePolicy', { RoleName, PolicyName }), 'PolicyDocument')) })),
  );
}
