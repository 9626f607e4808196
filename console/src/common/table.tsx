// A list of resources: found by text, sorted, paged; with a place for what to do when it is empty.
import { useState, type ReactNode } from 'react';
import { useCollection } from '@cloudscape-design/collection-hooks';
import { Box, CollectionPreferences, Header, Pagination, SpaceBetween, Table, TextFilter, type TableProps } from '@cloudscape-design/components';
import { plural } from './format';
import { Problem } from './problem';

interface Props<Item> {
  title: string;
  /** One of them: "job". */
  noun: string;
  items: Item[] | undefined;
  loading?: boolean;
  error?: unknown;
  onRetry?: () => void;
  columns: TableProps.ColumnDefinition<Item>[];
  trackBy: keyof Item & string;
  actions?: ReactNode;
  empty?: ReactNode;
  description?: ReactNode;
  selection?: Item[];
  onSelect?: (items: Item[]) => void;
  selectionType?: 'single' | 'multi';
  pageSize?: number;
  variant?: TableProps.Variant;
  sorting?: string;
  descending?: boolean;
}

export function ResourceTable<Item>(props: Props<Item>) {
  const [pageSize, setPageSize] = useState(props.pageSize ?? 20);
  const first = props.sorting ? props.columns.find((column) => column.id === props.sorting) : props.columns[0];
  const { items, filterProps, paginationProps, collectionProps, filteredItemsCount, actions } = useCollection(props.items ?? [], {
    filtering: {
      empty: (
        <Box textAlign="center" padding="l">
          {props.empty ?? `There is no ${props.noun} yet.`}
        </Box>
      ),
      noMatch: (
        <Box textAlign="center" padding="l">
          <SpaceBetween size="xs">
            <span>Nothing matches.</span>
            <Box variant="small">Clear the search to see all.</Box>
          </SpaceBetween>
        </Box>
      ),
    },
    pagination: { pageSize },
    sorting: first?.sortingField || first?.sortingComparator ? { defaultState: { sortingColumn: first, isDescending: props.descending } } : {},
  });
  void actions;
  const find = `Find ${/^[aeiou]/.test(props.noun) ? 'an' : 'a'} ${props.noun}`;
  return (
    <SpaceBetween size="s">
      <Problem error={props.error} what={`Listing ${props.noun}s`} onRetry={props.onRetry} />
      <Table<Item>
        {...collectionProps}
        items={items}
        columnDefinitions={props.columns}
        trackBy={props.trackBy}
        loading={props.loading && !props.items}
        loadingText="Loading…"
        variant={props.variant}
        wrapLines
        enableKeyboardNavigation
        selectionType={props.onSelect ? (props.selectionType ?? 'multi') : undefined}
        selectedItems={props.selection ?? []}
        onSelectionChange={({ detail }) => props.onSelect?.(detail.selectedItems)}
        ariaLabels={{
          tableLabel: props.title,
          selectionGroupLabel: `Selection of ${props.noun}s`,
          allItemsSelectionLabel: () => 'Select all',
          itemSelectionLabel: (_, item) => `Select ${String(item[props.trackBy])}`,
        }}
        header={
          <Header counter={props.items ? `(${props.items.length.toLocaleString()})` : undefined} actions={props.actions} description={props.description}>
            {props.title}
          </Header>
        }
        filter={
          (props.items?.length ?? 0) > 5 ? (
            <TextFilter
              {...filterProps}
              filteringPlaceholder={find}
              filteringAriaLabel={find}
              filteringClearAriaLabel="Clear"
              countText={filterProps.filteringText ? plural(filteredItemsCount ?? 0, 'match', 'matches') : ''}
            />
          ) : undefined
        }
        pagination={
          (props.items?.length ?? 0) > pageSize ? (
            <Pagination {...paginationProps} ariaLabels={{ nextPageLabel: 'Next page', previousPageLabel: 'Previous page', pageLabel: (page) => `Page ${page}` }} />
          ) : undefined
        }
        preferences={
          (props.items?.length ?? 0) > 20 ? (
            <CollectionPreferences
              title="Preferences"
              confirmLabel="Confirm"
              cancelLabel="Cancel"
              preferences={{ pageSize }}
              onConfirm={({ detail }) => setPageSize(detail.pageSize ?? 20)}
              pageSizePreference={{ title: 'Rows on a page', options: [20, 50, 100, 500].map((value) => ({ value, label: `${value}` })) }}
            />
          ) : undefined
        }
      />
    </SpaceBetween>
  );
}
