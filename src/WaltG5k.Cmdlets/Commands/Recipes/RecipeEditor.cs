using System.Globalization;
using System.Text.RegularExpressions;
using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Recipes;
using WaltG5k.Core.Reservations;
using WaltG5k.Internal;

namespace WaltG5k.Commands;

/// <summary>Edits a recipe by menus. Every answer is checked at once, and asked for again when it will not do.</summary>
internal sealed partial class RecipeEditor(IDialogue dialogue, Grid5000Client api, ReservationService reservations, IReadOnlyList<string> usedNames)
{
    static readonly string[] s_schedules = ["as soon as possible", "at night (or during week-end)"];
    List<string>? _sites;
    List<string>? _serverSites;
    string? _estimate;

    /// <summary>The edited recipe, or null when the user gave up.</summary>
    /// <param name="isNew">Whether its name must be one that is not in use.</param>
    public async Task<WaltRecipe?> EditAsync(WaltRecipe recipe, bool isNew, CancellationToken cancellationToken)
    {
        while (true)
        {
            bool isValid = recipe.ServerSite is not null && recipe.NodeCounts.Count > 0;
            List<string> menu = ["define WalT server site", "change WalT node counts", "change schedule", "change walltime", "estimate start time",
                "abort"];
            if (isValid) menu.Add("validate and quit");
            int choice = await dialogue.ChooseAsync($"WalT recipe {recipe.Name}".TrimEnd(), Describe(recipe), menu,
                isValid ? 6 : recipe.ServerSite is null ? 0 : 1).ConfigureAwait(false);
            switch (choice)
            {
                case 0: recipe = recipe with { ServerSite = await ChooseServerSiteAsync(recipe, cancellationToken).ConfigureAwait(false) }; break;
                case 1: recipe = await ChangeCountAsync(recipe, cancellationToken).ConfigureAwait(false); break;
                case 2: recipe = recipe with { Schedule = await ChooseScheduleAsync(recipe).ConfigureAwait(false) }; break;
                case 3: recipe = recipe with { Walltime = await AskWalltimeAsync().ConfigureAwait(false) }; break;
                case 4: _estimate = await EstimateAsync(recipe, isValid, cancellationToken).ConfigureAwait(false); continue;
                case 6: return await NameAsync(recipe, isNew).ConfigureAwait(false);
                default: return null;
            }
            _estimate = null;   // it was that of another recipe
        }
    }

    string Describe(WaltRecipe recipe)
    {
        var lines = new List<string>
        {
            $"WalT server: {recipe.ServerSite ?? "no site yet"}",
            $"WalT nodes:  {(recipe.NodeCounts.Count > 0 ? _Format.List(recipe.NodeCounts) : "none yet")}",
            $"schedule:    {s_schedules[(int)recipe.Schedule]}",
            $"walltime:    {recipe.Walltime}",
        };
        if (_estimate is not null) lines.Add($"start:       {_estimate}");
        return string.Join('\n', lines);
    }

    async Task<string?> ChooseServerSiteAsync(WaltRecipe recipe, CancellationToken cancellationToken)
    {
        if (_serverSites is null)
        {
            List<string> able = [];
            foreach (string site in await GetSitesAsync(cancellationToken).ConfigureAwait(false))
                if ((await api.GetServerClustersAsync(site, cancellationToken).ConfigureAwait(false)).Count > 0) able.Add(site);
            _serverSites = able;
        }
        int present = Math.Max(0, _serverSites.IndexOf(recipe.ServerSite ?? ""));
        return _serverSites[await dialogue.ChooseAsync("WalT server site", "Sites with a cluster that can hold a WalT server:", _serverSites, present)
            .ConfigureAwait(false)];
    }

    async Task<WaltRecipe> ChangeCountAsync(WaltRecipe recipe, CancellationToken cancellationToken)
    {
        List<string> sites = await GetSitesAsync(cancellationToken).ConfigureAwait(false);
        string[] labels = [.. sites.Select(s => recipe.NodeCounts.TryGetValue(s, out int n)
            ? string.Create(CultureInfo.InvariantCulture, $"{s} ({n})")
            : s)];
        int present = Math.Max(0, sites.IndexOf(recipe.ServerSite ?? ""));
        string site = sites[await dialogue.ChooseAsync("WalT node counts", "Which site?", labels, present).ConfigureAwait(false)];
        int count = await AskCountAsync(site).ConfigureAwait(false);
        var counts = new SortedDictionary<string, int>(recipe.NodeCounts.ToDictionary(), StringComparer.Ordinal);
        if (count == 0) counts.Remove(site);
        else counts[site] = count;
        return recipe with { NodeCounts = counts };
    }

    async Task<int> AskCountAsync(string site)
    {
        string question = $"Number of WalT nodes at {site} (0: none)";
        while (true)
        {
            string answer = await dialogue.AskAsync(question).ConfigureAwait(false);
            if (int.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out int count)) return count;
            question = $"'{answer}' is no number of nodes. Number of WalT nodes at {site} (0: none)";
        }
    }

    async Task<RecipeSchedule> ChooseScheduleAsync(WaltRecipe recipe) =>
        (RecipeSchedule)await dialogue.ChooseAsync("Schedule", "When shall the platform be reserved?", s_schedules, (int)recipe.Schedule)
        .ConfigureAwait(false);

    async Task<Walltime> AskWalltimeAsync()
    {
        string question = "Walltime as H, H:M or H:M:S";
        while (true)
        {
            string answer = await dialogue.AskAsync(question).ConfigureAwait(false);
            if (Walltime.TryParse(answer, out Walltime walltime)) return walltime;
            question = $"'{answer}' is no walltime. Walltime as H, H:M or H:M:S";
        }
    }

    async Task<string> EstimateAsync(WaltRecipe recipe, bool isValid, CancellationToken cancellationToken)
    {
        if (!isValid) return "known once there are a server site and nodes";
        try
        {
            ReservationPlan plan = await reservations.PlanAsync(DeploymentService.ToReservation(recipe), cancellationToken).ConfigureAwait(false);
            return plan.Start is { } start ? _Format.Date(start) : "at once";
        }
        catch (G5kException e) { return $"none: {e.Message}"; }
    }

    async Task<WaltRecipe> NameAsync(WaltRecipe recipe, bool isNew)
    {
        string name = recipe.Name, question = "Name of the recipe";
        while (true)
        {
            if (name.Length > 0)
            {
                if (!ValidName().IsMatch(name)) question = $"'{name}' will not do: a name holds a-z, 0-9 and - only. Name of the recipe";
                else if (isNew && usedNames.Contains(name)) question = $"There is a recipe '{name}' already. Name of the recipe";
                else return recipe with { Name = name };
            }
            name = await dialogue.AskAsync(question).ConfigureAwait(false);
        }
    }

    async Task<List<string>> GetSitesAsync(CancellationToken cancellationToken)
    {
        if (_sites is not null) return _sites;
        List<string> sites = [];
        await foreach (SiteInfo site in api.GetSitesAsync(cancellationToken).ConfigureAwait(false)) sites.Add(site.Name);
        return _sites = sites;
    }

    [GeneratedRegex("^[a-z0-9-]+$")]
    private static partial Regex ValidName();
}
