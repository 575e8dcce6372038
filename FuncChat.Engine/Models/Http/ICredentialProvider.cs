namespace FuncChat.Engine.Models.Http;

/// <summary>Gives what a provider is called with, anew before each try: a key may be rotated, and a token ends, while the process runs.</summary>
internal interface ICredentialProvider
{
    /// <returns>Null where the provider is called without any.</returns>
    /// <exception cref="ModelException">There is none to be had.</exception>
    ValueTask<string?> GetAsync(CancellationToken cancellationToken);
}
