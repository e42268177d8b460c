export const isApproved = (status: string): boolean => status === '已核准';
