import { AppModule } from '../../app.module.js';

export const server = AppModule;
