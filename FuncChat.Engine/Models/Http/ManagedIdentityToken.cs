using FuncChat.Tools.Identity;

namespace FuncChat.Engine.Models.Http;

/// <summary>A token of the app's own identity in the place of a key.</summary>
internal sealed class ManagedIdentityToken(IAppTokens tokens, string scope, string provider) : ICredentialProvider
{
    public async ValueTask<string?> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await tokens.GetAsync(scope, cancellationToken);
        }
        catch (AppTokenException failure)
        {
            throw new ModelException(
                new AppError(ErrorCode.ConfigurationError, $"The server could not sign in to provider {provider}. Its log says why."), failure);
        }
    }
}
