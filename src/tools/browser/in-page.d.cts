export declare const CHARTS: string;
export declare const PICTURED: string;
export declare function themeIs(theme: 'light' | 'dark'): boolean;
export declare function everyCellHasEnded(): boolean;
export declare function chartsAreDrawn(argument: { selector: string; wanted: number }): boolean;
export declare function lookAround(charts: string): {
  prompts: string[];
  drawnCharts: number;
  drawnDiagrams: number;
  complaints: string[];
};
export declare function moveSlider(): Promise<boolean>;
export declare function scrollToFirstChart(): Promise<void>;
export declare function someCellHasBegun(): boolean;
