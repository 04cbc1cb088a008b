"""Pictures that lie beside the seeds: where they go, and what links to them say."""
