#!/usr/bin/env bash
# Constrói as três imagens do curso e mostra quanto cada uma pesa: `make curso`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

imagem=giropops-senhas
versoes=(1.0 2.0 3.0)
declare -A arquivo=([1.0]=1-python [2.0]=2-slim [3.0]=3-chainguard)
declare -A base=(
    [1.0]=python:3.11
    [2.0]=python:3.11-slim
    [3.0]=cgr.dev/chainguard/python:latest
)
# O que o curso mostra para o aplicativo em Flask, com as bases de verdade.
declare -A publicado=([1.0]='1.03 GB' [2.0]='149 MB' [3.0]='72.8 MB')

for versao in "${versoes[@]}"; do
    docker build --network host --tag "$imagem:$versao" \
        --file "deploy/curso/Dockerfile.${arquivo[$versao]}" .
done

tamanho() {
    docker image inspect --format '{{.Size}}' "$1"
}

megabytes() {
    awk -v bytes="$1" 'BEGIN { printf "%.1f MB", bytes / 1e6 }'
}

echo
docker image ls "$imagem"
for versao in "${versoes[@]}"; do
    echo
    echo "docker history $imagem:$versao"
    docker history --format 'table {{.Size}}\t{{.CreatedBy}}' "$imagem:$versao"
done

echo
printf '%-21s %-33s %10s %10s %10s %8s  %s\n' \
    imagem base tamanho 'da base' nosso camadas 'publicado (Flask)'
for versao in "${versoes[@]}"; do
    total=$(tamanho "$imagem:$versao")
    da_base=$(tamanho "${base[$versao]}")
    camadas=$(docker image inspect --format '{{len .RootFS.Layers}}' "$imagem:$versao")
    printf '%-21s %-33s %10s %10s %10s %8s  %s\n' \
        "$imagem:$versao" "${base[$versao]}" "$(megabytes "$total")" "$(megabytes "$da_base")" \
        "$(megabytes "$((total - da_base))")" "$camadas" "${publicado[$versao]}"
done
