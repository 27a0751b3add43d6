using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace WaltG5k.Tests.Host;

/// <summary>What an assembly offers or asks for, as text that is equal for equal signatures whatever assembly the types come from.</summary>
sealed class AssemblySurface : IDisposable
{
    readonly PEReader _file;
    readonly MetadataReader _reader;

    public AssemblySurface(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _reader = _file.GetMetadataReader();
        Definition = _reader.GetAssemblyDefinition().GetAssemblyName();
    }

    public AssemblyName Definition { get; }
    public void Dispose() => _file.Dispose();

    /// <summary>Every type and member that can be used from outside.</summary>
    public IEnumerable<string> Offered(Predicate<string>? types = null)
    {
        foreach (TypeDefinition type in _reader.TypeDefinitions.Select(_reader.GetTypeDefinition))
        {
            string name = Names.Of(_reader, type);
            if (!IsVisible(type) || !(types?.Invoke(name) ?? true)) continue;
            yield return name;
            foreach (MethodDefinition method in type.GetMethods().Select(_reader.GetMethodDefinition))
                if ((method.Attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem)
                    yield return Names.Member(name, _reader.GetString(method.Name), method.DecodeSignature(Names.Instance, null));
            foreach (FieldDefinition field in type.GetFields().Select(_reader.GetFieldDefinition))
                if ((field.Attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family)
                    yield return $"{name}::{_reader.GetString(field.Name)} {field.DecodeSignature(Names.Instance, null)}";
        }
    }

    /// <summary>Every type and member of the assembly <paramref name="from"/> that this one names.</summary>
    public IEnumerable<string> Asked(string from)
    {
        foreach (TypeReferenceHandle handle in _reader.TypeReferences)
            if (IsFrom(handle, from)) yield return Names.Of(_reader, handle);
        foreach (MemberReference member in _reader.MemberReferences.Select(_reader.GetMemberReference))
        {
            if (ParentOf(member, from) is not { } parent) continue;
            string name = _reader.GetString(member.Name);
            yield return member.GetKind() == MemberReferenceKind.Method
                ? Names.Member(parent, name, member.DecodeMethodSignature(Names.Instance, null))
                : $"{parent}::{name} {member.DecodeFieldSignature(Names.Instance, null)}";
        }
    }

    string? ParentOf(MemberReference member, string from)
    {
        if (member.Parent.Kind == HandleKind.TypeReference)
            return IsFrom((TypeReferenceHandle)member.Parent, from) ? Names.Of(_reader, (TypeReferenceHandle)member.Parent) : null;
        if (member.Parent.Kind != HandleKind.TypeSpecification) return null;
        string type = _reader.GetTypeSpecification((TypeSpecificationHandle)member.Parent).DecodeSignature(Names.Instance, null).Split('<')[0];
        return _reader.TypeReferences.Any(t => IsFrom(t, from) && Names.Of(_reader, t) == type) ? type : null;
    }

    bool IsFrom(TypeReferenceHandle handle, string assembly)
    {
        EntityHandle scope = _reader.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.TypeReference => IsFrom((TypeReferenceHandle)scope, assembly),
            HandleKind.AssemblyReference => _reader.GetString(_reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name) == assembly,
            _ => false,
        };
    }

    bool IsVisible(TypeDefinition type) => (type.Attributes & TypeAttributes.VisibilityMask) switch
    {
        TypeAttributes.Public => true,
        TypeAttributes.NestedPublic => IsVisible(_reader.GetTypeDefinition(type.GetDeclaringType())),
        _ => false,
    };

    /// <summary>Spells types out by their full names.</summary>
    sealed class Names : ISignatureTypeProvider<string, object?>
    {
        public static Names Instance { get; } = new();

        public static string Member(string type, string name, MethodSignature<string> signature) =>
            $"{type}::{(signature.Header.IsInstance ? "" : "static ")}{name}`{signature.GenericParameterCount}({string.Join(", ", signature.ParameterTypes)}) -> {signature.ReturnType}";

        public static string Of(MetadataReader reader, TypeDefinition type) => type.IsNested
            ? $"{Of(reader, reader.GetTypeDefinition(type.GetDeclaringType()))}/{reader.GetString(type.Name)}"
            : Full(reader.GetString(type.Namespace), reader.GetString(type.Name));

        public static string Of(MetadataReader reader, TypeReferenceHandle handle)
        {
            TypeReference type = reader.GetTypeReference(handle);
            string name = reader.GetString(type.Name);
            return type.ResolutionScope.Kind == HandleKind.TypeReference
                ? $"{Of(reader, (TypeReferenceHandle)type.ResolutionScope)}/{name}"
                : Full(reader.GetString(type.Namespace), name);
        }

        static string Full(string space, string name) => space.Length == 0 ? name : $"{space}.{name}";

        public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{new string(',', shape.Rank - 1)}]";
        public string GetByReferenceType(string elementType) => $"{elementType}&";
        public string GetFunctionPointerType(MethodSignature<string> signature) => "fnptr";
        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) =>
            $"{genericType}<{string.Join(", ", typeArguments)}>";
        public string GetGenericMethodParameter(object? genericContext, int index) => $"!!{index}";
        public string GetGenericTypeParameter(object? genericContext, int index) => $"!{index}";
        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) =>
            isRequired ? $"{unmodifiedType} modreq({modifier})" : unmodifiedType;
        public string GetPinnedType(string elementType) => elementType;
        public string GetPointerType(string elementType) => $"{elementType}*";
        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();
        public string GetSZArrayType(string elementType) => $"{elementType}[]";
        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
            Of(reader, reader.GetTypeDefinition(handle));
        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => Of(reader, handle);
        public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);
    }
}
