-- Grid'5000's own job types.
UPDATE admission_rules SET rule = replace(rule, $q$qr/^state=permissive$/,$q$,
  $q$qr/^state=permissive$/, qr/^(?:exotic|night|day|destructive|allow_classic_ssh)$/, qr/^monitor(?:=.+)?$/,$q$)
WHERE rule LIKE '%unknown job type%';

-- A subnet needs no type in the request.
INSERT INTO admission_rules (priority, enabled, rule) VALUES (16, 'YES', $q$
foreach my $group (map { @{$_->[0]} } @{$ref_resource_list}) {
    next unless grep { $_->{resource} =~ /^slash_/ } @{$group->{resources}};
    my $filter = $group->{property} // "";
    next if $filter =~ /\btype\b/;
    $group->{property} = $filter eq "" ? "type = 'subnet'" : "($filter) AND type = 'subnet'";
}
$q$);

-- No nodes that are being repaired, and exotic ones only for who asks for them.
INSERT INTO admission_rules (priority, enabled, rule) VALUES (18, 'YES', $q$
$jobproperties = join(" AND ", ($jobproperties ne "" ? "($jobproperties)" : ()), "maintenance = 'NO'");
my $exotic = "@EXOTIC@";
if ($exotic ne "" and not grep { $_ eq "exotic" } @{$type_list}) {
    print("# Filtering out exotic resources ($exotic).\n");
    $jobproperties = "($jobproperties) AND exotic = 'NO'";
}
$q$);
