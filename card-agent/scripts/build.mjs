// npm run build
import { ensureAgentBuilt } from './prepare.mjs';

ensureAgentBuilt();
