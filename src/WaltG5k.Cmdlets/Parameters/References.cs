using WaltG5k.Core.Deployments;
using WaltG5k.Core.Recipes;
using WaltG5k.Core.Reservations;

namespace WaltG5k.Parameters;

/// <summary>A reservation by its name, or the object itself.</summary>
public sealed class ReservationRef
{
    public ReservationRef(string name) => Name = name;

    public ReservationRef(Reservation reservation)
    {
        ArgumentNullException.ThrowIfNull(reservation);
        Name = reservation.Name;
        Reservation = reservation;
    }

    public string Name { get; }
    public Reservation? Reservation { get; }
    /// <summary>Only what an interrupted or ended reservation has left is meant: looking for it may be enough to remove it.</summary>
    public bool IsLeftOver { get; init; }
    public override string ToString() => Name;
}

/// <summary>A deployment by its id, or the object itself.</summary>
public sealed class DeploymentRef
{
    public DeploymentRef(string id) => Id = id;

    public DeploymentRef(DeploymentInfo deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        Id = deployment.Id;
    }

    public string Id { get; }
    public override string ToString() => Id;
}

/// <summary>A recipe by its name, or the object itself.</summary>
public sealed class RecipeRef
{
    public RecipeRef(string name) => Name = name;

    public RecipeRef(WaltRecipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        Name = recipe.Name;
        Recipe = recipe;
    }

    public string Name { get; }
    public WaltRecipe? Recipe { get; }
    public override string ToString() => Name;
}

/// <summary>Reservations from names or objects.</summary>
public sealed class ReservationConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value) => Items(value).Select(item => item switch
    {
        ReservationRef reference => reference,
        Reservation reservation => new ReservationRef(reservation),
        Orphan { Kind: OrphanKind.StaleReservation or OrphanKind.InterruptedSubmission } orphan =>
            new ReservationRef(orphan.Name) { IsLeftOver = true },
        _ => new ReservationRef($"{item}"),
    }).ToArray();
}

/// <summary>Deployments from ids, or from anything that belongs to one.</summary>
public sealed class DeploymentConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value) => Items(value).Select(item => item switch
    {
        DeploymentRef reference => reference,
        DeploymentInfo deployment => new DeploymentRef(deployment),
        DeploymentStepInfo step => new DeploymentRef(step.DeploymentId),
        Finding finding => new DeploymentRef(finding.DeploymentId),
        _ => new DeploymentRef($"{item}"),
    }).ToArray();
}

/// <summary>Recipes from names or objects.</summary>
public sealed class RecipeConversionAttribute : ConversionAttribute
{
    protected override object Convert(object value) => Items(value).Select(item => item switch
    {
        RecipeRef reference => reference,
        WaltRecipe recipe => new RecipeRef(recipe),
        _ => new RecipeRef($"{item}"),
    }).ToArray();
}
