// Lines over time. ECharts comes as a chunk of its own, with what this needs of it.
import { useEffect, useRef } from 'react';
import * as echarts from 'echarts/core';
import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { CanvasRenderer } from 'echarts/renderers';
import { useDark } from '~/shell/theme';

echarts.use([LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

export interface Line {
  name: string;
  points: [number, number][];
}

export default function LineChartView({ label, lines, x, y, height = 240 }: { label: string; lines: Line[]; x: (value: number) => string; y: (value: number) => string; height?: number }) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.ECharts>(undefined);
  const dark = useDark();
  useEffect(() => {
    const made = echarts.init(place.current!, dark ? 'dark' : undefined);
    chart.current = made;
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(place.current!);
    return () => {
      observer.disconnect();
      made.dispose();
    };
  }, [dark]);
  useEffect(() => {
    chart.current?.setOption(
      {
        backgroundColor: 'transparent',
        animation: false,
        grid: { left: 72, right: 16, top: 34, bottom: 28 },
        legend: { top: 0, left: 0 },
        tooltip: { trigger: 'axis', valueFormatter: (value: unknown) => y(Number(value)) },
        xAxis: { type: 'value', min: 'dataMin', max: 'dataMax', axisLabel: { formatter: x, hideOverlap: true }, splitLine: { show: false } },
        yAxis: { type: 'value', min: 0, axisLabel: { formatter: y } },
        series: lines.map((line) => ({ type: 'line', name: line.name, data: line.points, showSymbol: line.points.length < 3, sampling: 'lttb' })),
      },
      { replaceMerge: ['series'] },
    );
  }, [lines, x, y, dark]);
  const last = lines.map((line) => `${line.name} at the end ${y(line.points.at(-1)?.[1] ?? 0)}, at most ${y(Math.max(0, ...line.points.map((point) => point[1])))}`).join('; ');
  return <div ref={place} style={{ height }} role="img" aria-label={`${label}: ${last}`} />;
}
