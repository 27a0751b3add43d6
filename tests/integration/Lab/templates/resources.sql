ALTER TABLE resources
  ADD COLUMN IF NOT EXISTS site varchar(255),
  ADD COLUMN IF NOT EXISTS cluster varchar(255),
  ADD COLUMN IF NOT EXISTS host varchar(255),
  ADD COLUMN IF NOT EXISTS cpu integer,
  ADD COLUMN IF NOT EXISTS core integer,
  ADD COLUMN IF NOT EXISTS core_count integer,
  ADD COLUMN IF NOT EXISTS memnode integer,
  ADD COLUMN IF NOT EXISTS eth_count integer,
  ADD COLUMN IF NOT EXISTS eth_kavlan_count integer,
  ADD COLUMN IF NOT EXISTS gpu_count integer,
  ADD COLUMN IF NOT EXISTS max_walltime integer,
  ADD COLUMN IF NOT EXISTS switch varchar(255),
  ADD COLUMN IF NOT EXISTS vlan varchar(255),
  ADD COLUMN IF NOT EXISTS disk varchar(255),
  ADD COLUMN IF NOT EXISTS slash_22 varchar(255),
  ADD COLUMN IF NOT EXISTS subnet_address varchar(255),
  ADD COLUMN IF NOT EXISTS subnet_prefix integer,
  ADD COLUMN IF NOT EXISTS exotic varchar(255),
  ADD COLUMN IF NOT EXISTS maintenance varchar(255),
  ADD COLUMN IF NOT EXISTS production varchar(255),
  ADD COLUMN IF NOT EXISTS comment varchar(255);

-- One row for each core.
WITH places AS (
  SELECT c.*, node, processor, core FROM
    (VALUES @CLUSTERS@) AS c (cluster, nodes, processors, cores, adapters, kavlan_adapters, memory, exotic),
    generate_series(1, c.nodes) AS node, generate_series(1, c.processors) AS processor, generate_series(1, c.cores) AS core
)
INSERT INTO resources (type, network_address, host, state, state_num, deploy, besteffort, site, cluster, cpu, core, cpuset, core_count, memnode,
  eth_count, eth_kavlan_count, gpu_count, max_walltime, switch, exotic, maintenance, production, comment)
SELECT 'default', name, name, 'Alive', 1, 'YES', 'YES', '@SITE@', cluster, dense_rank() OVER (ORDER BY cluster, node, processor),
  row_number() OVER (ORDER BY cluster, node, processor, core), ((processor - 1) * cores + core - 1)::text, processors * cores, memory,
  adapters, kavlan_adapters, 0, 0, 'sw-@SITE@', exotic, 'NO', 'NO', 'OK'
FROM places, LATERAL (SELECT cluster || '-' || node || '.@SITE@.grid5000.fr' AS name) AS named
ORDER BY cluster, node, processor, core;

-- VLANs 1 to 3 local, 4 to 9 routed, one global. The properties of a job hold for all that it takes, VLANs and subnets too.
INSERT INTO resources (type, network_address, state, state_num, deploy, besteffort, site, vlan, exotic, maintenance, production)
SELECT CASE WHEN number < 4 THEN 'kavlan-local' WHEN number < 10 THEN 'kavlan' ELSE 'kavlan-global' END, '', 'Alive', 1, 'YES', 'YES', '@SITE@',
  number::text, 'NO', 'NO', 'NO'
FROM unnest(ARRAY[1, 2, 3, 4, 5, 6, 7, 8, 9, 10 + @NUMBER@]) AS number;

INSERT INTO resources (type, network_address, state, state_num, deploy, besteffort, site, slash_22, subnet_address, subnet_prefix, exotic, maintenance, production)
SELECT 'subnet', '', 'Alive', 1, 'YES', 'YES', '@SITE@', 's22-' || number, '10.' || (140 + 4 * @NUMBER@) || '.' || (4 * number) || '.0', 22, 'NO', 'NO', 'NO'
FROM generate_series(0, 3) AS number;

INSERT INTO resource_logs (resource_id, attribute, value, date_start) SELECT resource_id, 'state', 'Alive', extract(epoch FROM now())::int FROM resources;
ANALYZE resources;
