using System.ComponentModel.DataAnnotations;

namespace FuncChat.Azure.Secrets;

/// <summary>How the vault that `KEY_VAULT_URI` names is read. Bound from `FuncChat:KeyVault`.</summary>
public sealed record KeyVaultOptions
{
    public const string Section = "FuncChat:KeyVault";

    /// <summary>How often the secrets are read again. Default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMinutes(5);
}
