namespace WaltG5k.Testbed.Api;

/// <summary>Finds the resource that a request is about.</summary>
sealed class ApiRouter(TestbedWorld world, CancellationToken ended)
{
    static readonly HashSet<string> s_versions = new(StringComparer.Ordinal) { "stable", "sid", "3.0" };
    readonly ReferenceResources _reference = new(world);
    readonly StatusResource _status = new(world);
    readonly JobResources _jobs = new(world);
    readonly JobActions _jobActions = new(world, ended);
    readonly DeploymentResources _deployments = new(world, ended);
    readonly VlanResources _vlans = new(world);
    readonly VlanActions _vlanActions = new(world, ended);
    readonly EnvironmentResources _environments = new(world);

    public DeploymentResources Deployments => _deployments;

    public async Task<ApiAnswer> AnswerAsync(ApiRequest request)
    {
        if (!s_versions.Contains(request.Version)) return ApiAnswer.Text(404, $"Cannot find resource /{request.Version}{request.Path.TrimEnd('/')}");
        ApiAnswer? answer = request.Method is "GET" or "HEAD" ? Find(request) : await ChangeAsync(request).ConfigureAwait(false);
        if (answer is not null) return answer;
        // What can be read, and not changed in that way.
        return request.Method is not ("GET" or "HEAD") && Find(request) is { Status: 200 }
            ? ApiAnswer.Text(405, "Method Not Allowed").With("Allow", "GET")
            : ApiAnswer.Text(404, $"Cannot find resource {request.Path}");
    }

    ApiAnswer? Find(ApiRequest request)
    {
        switch (request.Segments)
        {
            case []: return _reference.GetRoot(request);
            case ["sites"]: return _reference.GetSites(request);
            case ["sites", string name, ..] when world.Sites.TryGetValue(name, out SiteModel? site): return FindInSite(request, site);
            default: return null;
        }
    }

    ApiAnswer? FindInSite(ApiRequest request, SiteModel site) => request.Segments.Skip(2).ToArray() switch
    {
        [] => ReferenceResources.GetSite(request, site),
        ["clusters"] => ReferenceResources.GetClusters(request, site),
        ["clusters", string name] => FindCluster(site, name) is { } cluster ? ReferenceResources.GetCluster(request, cluster) : null,
        ["clusters", string name, "nodes"] => FindCluster(site, name) is { } cluster ? _reference.GetNodes(request, site, cluster) : null,
        ["clusters", string name, "nodes", string node] => world.Nodes.TryGetValue($"{node}.{site.Name}.grid5000.fr", out NodeModel? model)
            && model.Cluster.Name == name ? _reference.GetNode(request, site, model) : null,
        ["status"] => _status.Get(request, site),
        ["jobs"] => _jobs.GetAll(request, site),
        ["jobs", string id] => _jobs.Get(request, site, id),
        ["jobs", string id, "walltime"] => _jobs.GetWalltime(request, site, id),
        ["deployments"] => _deployments.GetAll(request, site),
        ["deployments", string id] => _deployments.Get(request, site, id),
        ["internal", "kadeployapi", "deployment", string id, "logs"] => _deployments.ReadLog(site, id),
        ["environments", .. string[] rest] => _environments.Find(request, site, rest),
        ["vlans", .. string[] rest] => _vlans.Find(request, site, rest),
        _ => null,
    };

    /// <summary>Nothing is changed for somebody whom nobody knows.</summary>
    async Task<ApiAnswer?> ChangeAsync(ApiRequest request)
    {
        if (request.Segments is not ["sites", string name, ..] || !world.Sites.TryGetValue(name, out SiteModel? site)) return null;
        if (request.User is null) return ApiAnswer.NotAuthorized;
        return (request.Method, request.Segments.Skip(2).ToArray()) switch
        {
            ("POST", ["jobs"]) => await _jobActions.SubmitAsync(request, site).ConfigureAwait(false),
            ("DELETE", ["jobs", string id]) => await _jobActions.DeleteAsync(request, site, id).ConfigureAwait(false),
            ("POST", ["jobs", string id, "walltime"]) => await _jobActions.ChangeWalltimeAsync(request, site, id).ConfigureAwait(false),
            ("POST", ["deployments"]) => await _deployments.SubmitAsync(request, site).ConfigureAwait(false),
            ("PUT", ["deployments", string id]) => _deployments.Touch(site, id),
            ("DELETE", ["deployments", string id]) => _deployments.Cancel(request, site, id),
            (_, ["vlans", .. string[] rest]) => await _vlanActions.ActAsync(request, site, rest).ConfigureAwait(false),
            _ => null,
        };
    }

    static ClusterModel? FindCluster(SiteModel site, string name) => site.Clusters.Find(c => c.Name == name);
}
