export declare function bookIsDrawn(): boolean;
export declare function lookAtBookPage(): {
  charts: number;
  drawnCharts: number;
  diagrams: number;
  drawnDiagrams: number;
};
export declare function moveBookSlider(): Promise<boolean | null>;
