import path from 'node:path';
import type { Page } from 'playwright-core';
import { coursePath } from '../../support/project-paths';
import { axe } from './accessibility-test';
import { lookAtPlayer } from './in-player.cjs';

export const SCREENSHOTS = coursePath('screenshots', 'player');

export const ready = (page: Page) => page.waitForSelector('.time-line');
export const see = (page: Page) => page.evaluate(lookAtPlayer);
export const shot = (page: Page, name: string) =>
  page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });
export const serious = async (page: Page) => (await axe(page)).serious.map((finding) => `axe: ${finding}`);
export const expected = (holds: boolean, complaint: string): string[] => (holds ? [] : [complaint]);
