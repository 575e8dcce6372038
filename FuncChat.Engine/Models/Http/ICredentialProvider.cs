namespace FuncChat.Engine.Models.Http;

/// <summary>Returns the credential of a provider before each attempt: keys are rotated, and tokens expire, while the process runs.</summary>
internal interface ICredentialProvider
{
    /// <returns>Null if the provider needs none.</returns>
    /// <exception cref="ModelException">The credential is unavailable.</exception>
    ValueTask<string?> GetAsync(CancellationToken cancellationToken);
}
