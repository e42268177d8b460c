export const apiPrefix = 'api/v1';
export const docsPath = '/docs';
export const documentPath = `/${apiPrefix}/openapi.json`;
